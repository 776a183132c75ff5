import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './planted.ts';

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The facts that the page lists, by the file that the page names for them. */
const listed = new Map(
  textOf('docs/aws-facts.md')
    .split(/^## /m)
    .flatMap((section): [string, string[]][] => {
      const file = /^In `(.+)`\.$/m.exec(section)?.[1];
      const facts = Array.from(section.matchAll(/^\| ([^|]+?) +\|/gm), ([, fact = '']) => fact);
      return file === undefined ? [] : [[file, facts.filter((fact) => fact !== 'fact' && !fact.startsWith('-'))]];
    }),
);

describe('docs/aws-facts.md', () => {
  it.each(globSync('test/contract/aws/*-facts.ts', { cwd: root }))(
    'lists the facts of %s, each once, in order',
    (file) => {
      const stated = Array.from(textOf(file).matchAll(/\bfact\(\s*(['"])(.+?)\1,/g), ([, , title]) => title);
      expect(stated.length).toBeGreaterThan(0);
      expect(listed.get(file)).toEqual(stated);
    },
  );
});
