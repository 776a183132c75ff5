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

/** Licences that require at most a notice. If a package offers alternatives, one of them must be in this list. */
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
/** Licences for packages that only developer tools use, and that are not shipped with the service. */
const FOR_TOOLS = new Set([...PERMISSIVE, 'CC-BY-4.0']);

/** Checks an SPDX expression without nesting, as npm packages have them. */
const isAllowed = (license: string, allowed: ReadonlySet<string>): boolean =>
  license
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((one) => allowed.has(one)));

const breaking = (breaks: (one: Package, name: string) => boolean): string[] =>
  Object.entries(packages).flatMap(([path, one]) => (breaks(one, nameOf(path)) ? [`${path} ${one.version}`] : []));

describe('the dependencies of the project', () => {
  it('all have a permissive licence', () => {
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

  it('are pinned to exact versions, and by checksum', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const asked = Object.entries({ ...dependencies, ...devDependencies, ...overrides });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    // A bundled package is part of the package that contains it.
    const unpinned = ({ integrity, inBundle }: Package): boolean => !inBundle && !integrity?.startsWith('sha512-');
    expect(breaking(unpinned)).toEqual([]);
    expect(own).toMatchObject({ dependencies, devDependencies });
  });

  it('come only from the registry that the installation uses', () => {
    expect(breaking(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('run no install script that is not listed, and the only allowed one is that of Node', () => {
    const { allowScripts } = manifest;
    expect(breaking(({ hasInstallScript }, name) => hasInstallScript === true && !(name in allowScripts))).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
  });
});
