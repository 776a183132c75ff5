/** The rules for the first line of a commit message, as CONTRIBUTING states them. */

export const SUBJECT_MAX = 72;

/** Subjects that git writes itself. */
const BY_GIT = /^(?:Merge |Revert "|fixup! |squash! |amend! )/;

/** A type in front, as of conventional commits: the project does not use them. */
const TYPE = /^[a-z]+(?:\([^)]*\))?!?: /i;

/** Forms of a verb that are not the imperative: "Added", "Adding", "Adds". Verbs that end like them are listed. */
const OTHER_FORM = /^(?:\w+(?:ed|ing)|[A-Z]\w*[^s\W]s)$/;
const IMPERATIVES: ReadonlySet<string> = new Set([
  'Alias',
  'Focus',
  'Ping',
  'Reseed',
  'Shred',
  'Succeed',
  'Bring',
  'Embed',
  'Exceed',
  'Feed',
  'Need',
  'Proceed',
  'Seed',
  'Shed',
  'Speed',
  'String',
  'Swing',
]);

/** Says what is wrong with the first line of a commit message, or returns undefined if nothing is. */
export function checkSubject(subject: string): string | undefined {
  if (BY_GIT.test(subject)) return undefined;
  const [verb = ''] = subject.split(/[\s,:]/, 1);
  const faults = [
    ...(subject.length > SUBJECT_MAX ? [`it has ${subject.length} characters; at most ${SUBJECT_MAX}`] : []),
    ...(TYPE.test(subject) ? ['it begins with a type; begin with a verb'] : []),
    ...(/^[A-Z]/.test(subject) ? [] : ['it does not begin with a capital letter']),
    ...(OTHER_FORM.test(verb) && !IMPERATIVES.has(verb) ? [`"${verb}" is not an imperative, such as "Add"`] : []),
    ...(subject.endsWith('.') ? ['it ends with a full stop'] : []),
  ];
  return faults.length === 0 ? undefined : faults.join('; ');
}
