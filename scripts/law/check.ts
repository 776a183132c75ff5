import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { COMPUTED, type Import } from './imports.ts';
import { FOLDER_MAX_FILES, forTests, namespaceOnly, rooms, type Room } from './rooms.ts';

/** Returns the violations of a file (a path from the root, with slashes) with these imports. */
export function checkImports(file: string, imports: readonly Import[]): readonly string[] {
  const room = findRoom(file);
  if (room === undefined) return [`${file} is in no room: move it, or give it a room in scripts/law/rooms.ts`];
  const law = lawFor(file, room);
  return imports.flatMap((found) => {
    const violation = checkImport(file, found, law);
    return violation === undefined ? [] : [`${file} imports ${found.specifier}: ${violation}`];
  });
}

/** Returns the folders with more source files than a reader can survey. Tests do not count. */
export function checkFolders(files: readonly string[]): readonly string[] {
  const sources = files.filter((file) => !file.endsWith('.test.ts'));
  return [...Map.groupBy(sources, (file) => posix.dirname(file))]
    .filter(([, inFolder]) => inFolder.length > FOLDER_MAX_FILES)
    .map(
      ([folder, inFolder]) =>
        `${folder} has ${inFolder.length} source files. Allowed: ${FOLDER_MAX_FILES}. Move some of them to a folder of their own`,
    );
}

/** Returns the room of a file: of several that hold it, the longest. */
const findRoom = (file: string): Room | undefined =>
  rooms.filter(({ path }) => holds(path, file)).toSorted((one, other) => other.path.length - one.path.length)[0];

const holds = (path: string, file: string): boolean => (path.endsWith('/') ? file.startsWith(path) : file === path);

function lawFor(file: string, room: Room): Room {
  if (!file.endsWith('.test.ts')) return room;
  return {
    ...room,
    ours: [...room.ours, ...(room.oursInTests ?? []), ...forTests.ours],
    packages: [...room.packages, ...forTests.packages],
    node: forTests.node,
  };
}

function checkImport(file: string, { specifier, isWhole }: Import, law: Room): string | undefined {
  if (specifier === COMPUTED) return law.loadsBundles === true ? undefined : 'the name of a module must be written out';
  if (isBuiltin(specifier)) return checkBuiltin(specifier, law);
  if (!specifier.startsWith('.')) return checkPackage(toPackage(specifier), isWhole, law);
  const target = posix.join(posix.dirname(file), specifier);
  if ([law.path, ...law.ours].some((path) => holds(path, target))) return undefined;
  return `of our own code ${law.path} may import ${list([law.path, ...law.ours])}, not ${target}`;
}

function checkBuiltin(name: string, { path, node }: Room): string | undefined {
  if (node === 'any' || node.includes(name)) return undefined;
  return `of the modules of Node ${path} may import ${list(node)}`;
}

function checkPackage(name: string, isWhole: boolean, law: Room): string | undefined {
  const isAllowed = law.packages.some((entry) =>
    entry.endsWith('/*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  );
  if (!isAllowed) return `of packages ${law.path} may import ${list(law.packages)}`;
  if (namespaceOnly.includes(name) && !isWhole) return `write \`import * as name from '${name}'\``;
  return undefined;
}

/** `@scope/name/sub/path` → `@scope/name` */
const toPackage = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const list = (names: readonly string[]): string => names.join(', ') || 'none';
