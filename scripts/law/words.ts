/**
 * The words that this project does not use, and what it says instead. docs/glossary.md and docs/style.md list the same
 * words for people; test/law/words.test.ts holds the pages equal to this file.
 */

export interface Term {
  /** The name of the entry, as the page lists it. */
  readonly not: string;
  /** What to write instead. */
  readonly say: string;
  /** Matches the word in prose: pages, comments, strings. Absent: prose may use it. */
  readonly prose?: RegExp;
  /** Words of an identifier, in lower case: `promised` is in `isPromisedUpload`. Absent: identifiers may use it. */
  readonly identifiers?: readonly string[];
}

/** Matches whole words in any case. A blank in the pattern matches any run of blanks and line ends. */
const words = (pattern: string): RegExp => new RegExp(`\\b(?:${pattern.replaceAll(' ', String.raw`\s+`)})\\b`, 'giu');

/** Private words for public ideas, as in the third column of the glossary. */
export const SYNONYMS: readonly Term[] = [
  {
    not: 'promise, promised file',
    say: 'presigned upload',
    prose: words(
      'promised (?:files?|uploads?|objects?|sources?|lengths?)|(?:is|are|was|were|been) promised|without a promise',
    ),
    identifiers: ['promised'],
  },
  {
    not: 'answer',
    say: 'response',
    prose: words('(?:an?|the|its|that|each|every|no|any|another|late|wrong) answers?'),
    identifiers: ['answer', 'answers', 'answered'],
  },
  { not: 'place', say: 'position', identifiers: ['place', 'places'] },
  { not: 'person', say: 'caller', prose: words('persons?'), identifiers: ['person', 'persons'] },
  {
    not: 'standing failure, stands failed',
    say: 'remaining failure',
    prose: words('standing failures?|stands? failed|stood failed|standing failed'),
    identifiers: ['standing'],
  },
  {
    not: 'bring in',
    say: 'import',
    prose: words(
      String.raw`(?:bring|brings|bringing|brought) (?:\S+ ){0,2}?in(?! (?:a|an|the|its|order|row|this|that)\b)`,
    ),
    identifiers: ['brought'],
  },
  { not: 'mend', say: 'repair', prose: words('mend|mends|mended|mending'), identifiers: ['mend', 'mends', 'mended'] },
  { not: 'stranger', say: 'foreign origin', prose: words('strangers?'), identifiers: ['stranger', 'strangers'] },
  { not: 'deed', say: 'effect', prose: words('deeds?'), identifiers: ['deed', 'deeds'] },
];

/** Turns of phrase that no native engineer uses, as in the table of docs/style.md. */
export const PHRASES: readonly Term[] = [
  { not: 'anew', say: 'again', prose: words('anew'), identifiers: ['anew'] },
  {
    not: 'whoever',
    say: 'the actor: the caller, the worker, the sweep',
    prose: words('whoever|whomever'),
    identifiers: ['whoever'],
  },
  {
    not: 'nobody, somebody, anybody, everybody',
    say: 'the actor, or the passive',
    prose: words('(?:no|some|any|every)body|someone else|anyone|everyone'),
    identifiers: ['nobody', 'somebody', 'anybody', 'everybody'],
  },
  { not: 'is to be had', say: 'is available at', prose: words('(?:to|can|could|may) be had') },
  { not: 'comes to', say: 'results in, totals', prose: words('(?:come|comes|came|coming) to(?! (?:an end|rest)\\b)') },
  {
    not: 'is told',
    say: 'is reported to, receives',
    prose: words('(?:is|are|was|were|be|been|being) told(?! apart\\b)'),
  },
  { not: 'can not', say: 'cannot', prose: words('can not') },
  { not: 'of ours, of yours', say: 'our own, your own', prose: words('of (?:ours|yours|theirs)') },
  { not: 'otherwise than', say: 'differently from', prose: words('otherwise than') },
  { not: 'what stands', say: 'what is stored in, what it says', prose: words('what (?:really )?stands') },
];

/** The longest line of a comment, in columns. */
export const COMMENT_COLUMNS = 120;

/** The name of a finding about a longer line. */
export const WIDE = 'wide comment';
