import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './planted.ts';

const PAGES = globSync(['*.md', 'docs/**/*.md', 'samples/*.md'], { cwd: root }).toSorted();

/** Top-level folders whose files the pages name in backticks. */
const ROOMS = 'src|infra|local|client|cli|test|scripts|samples|docs';

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

const found = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set(Array.from(text.matchAll(pattern), ([, group]) => group ?? ''))].toSorted();

const absent = (paths: readonly string[]): readonly string[] => paths.filter((path) => !existsSync(join(root, path)));

/** Removes code blocks, because they show output. Links and commands are searched only outside them. */
const prose = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

/** Returns the anchors of a page as GitHub derives them: lower case, hyphens for spaces, no punctuation. */
const anchorsOf = (page: string): readonly string[] =>
  Array.from(prose(textOf(page)).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(PAGES)('%s', (page) => {
  const text = textOf(page);

  it('links only to pages and headings that exist', () => {
    const broken = found(prose(text), /\]\(([^)\s]+)\)/g).filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names only files that exist', () => {
    // A name in capitals is a placeholder, as in `src/functions/http/NAME.ts`.
    const named = found(text, new RegExp(`\`((?:${ROOMS})/[a-z0-9./_-]+)\``, 'g'));
    expect(absent(named)).toEqual([]);
  });

  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = found(text, /\bnpm run ([a-z][a-z:]*)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('docs/guarantees.md', () => {
  const text = textOf('docs/guarantees.md');
  const rows = text.split('\n').filter((line) => /^\| [SL]\d/.test(line));

  it('lists every guarantee once, in order', () => {
    const ids = rows.map((row) => row.slice(2, 4));
    expect(ids).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6']);
  });

  it('names an existing test for every guarantee', () => {
    for (const row of rows) {
      const tests = found(row, /`([\w./-]+\.test\.ts)`/g);
      expect(absent(tests)).toEqual([]);
      expect({ row, isShown: tests.length > 0 || row.includes('Not yet promised') }).toMatchObject({ isShown: true });
    }
  });
});

describe('docs/decisions', () => {
  it.each(globSync('docs/decisions/0*.md', { cwd: root }))('%s has a status and every section, in order', (page) => {
    const [title, , status] = textOf(page).split('\n');
    expect(title).toMatch(new RegExp(`^# ${basename(page).slice(0, 4)} `));
    expect(status).toMatch(/^Status: accepted on \d{4}-\d\d-\d\d, in force/);
    const sections = Array.from(textOf(page).matchAll(/^## (.+)$/gm), ([, section]) => section);
    expect(sections).toEqual(['Context', 'Decision', 'Alternatives', 'Consequences']);
  });

  it('lists every decision, numbered without gaps', () => {
    const pages = globSync('docs/decisions/0*.md', { cwd: root }).toSorted();
    const names = pages.map((page) => page.replace('docs/decisions/', ''));
    expect(found(textOf('docs/decisions/README.md'), /\]\((0[^)]+)\)/g)).toEqual(names);
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
  });
});
