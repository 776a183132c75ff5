import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './planted.ts';

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = readJson('package.json') as Manifest;
const lock = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, Package>> };
const { '': own, ...packages } = lock.packages;
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Licences that ask for a notice at most. Of alternatives, one has to be among them. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);
/** What only tools of a developer use, and nobody gets with the service. */
const FOR_TOOLS = new Set([...PERMISSIVE, 'CC-BY-4.0']);

/** An SPDX expression without nesting, as npm packages have them. */
const isAllowed = (license: string, allowed: ReadonlySet<string>): boolean =>
  license
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((one) => allowed.has(one)));

const breaking = (breaks: (one: Package, name: string) => boolean): string[] =>
  Object.entries(packages).flatMap(([path, one]) => (breaks(one, nameOf(path)) ? [`${path} ${one.version}`] : []));

describe('what the project is made of', () => {
  it('has a permissive licence, every package of it', () => {
    const forbidden = ({ license = 'none', dev }: Package): boolean =>
      !isAllowed(license, dev === true ? FOR_TOOLS : PERMISSIVE);
    expect(breaking(forbidden)).toEqual([]);
    expect(['GPL-3.0-or-later', 'none', 'MIT AND GPL-2.0-only'].map((license) => forbidden({ license }))).toEqual([
      true,
      true,
      true,
    ]);
    expect(forbidden({ license: '(MIT OR GPL-3.0-or-later)' })).toBe(false);
  });

  it('is pinned to exact versions, down to the bytes', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const asked = Object.entries({ ...dependencies, ...devDependencies, ...overrides });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    // A bundled package comes in the bytes of the one that holds it.
    const unpinned = ({ integrity, inBundle }: Package): boolean => !inBundle && !integrity?.startsWith('sha512-');
    expect(breaking(unpinned)).toEqual([]);
    expect(own).toMatchObject({ dependencies, devDependencies });
  });

  it('comes from the registry of whoever installs it, and from nowhere else', () => {
    expect(breaking(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('runs nothing when it is installed that is not decided on; allowed is the Node that everything runs on', () => {
    const { allowScripts } = manifest;
    expect(breaking(({ hasInstallScript }, name) => hasInstallScript === true && !(name in allowScripts))).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
  });
});
