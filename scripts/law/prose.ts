import { parsers as babel } from 'prettier/plugins/babel';
import { parsers as markdown } from 'prettier/plugins/markdown';
import type { ParserOptions } from 'prettier';

/**
 * The text of a file that people read. The rest is masked and not removed, so offsets and lines are those of the file.
 */
export interface Prose {
  readonly text: string;
  readonly identifiers: readonly { readonly name: string; readonly start: number }[];
  readonly comments: readonly Span[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replaces each character that is not prose. It is not a blank, so no phrase matches across code. */
const MASK = '\u00B7';

const mask = (text: string): string => text.replaceAll(/\S/g, MASK);

const NO_OPTIONS = {} as ParserOptions;

/** Reads the prose of a page: masks code, HTML and addresses. The labels of Mermaid diagrams stay. */
export async function readPageProse(text: string): Promise<Prose> {
  const hidden = [...findHidden((await markdown.markdown.parse(text, NO_OPTIONS)) as MarkdownNode)];
  return { text: maskSpans(text, hidden), identifiers: [], comments: [] };
}

interface MarkdownNode {
  readonly type: string;
  readonly lang?: string | null;
  readonly position: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };
  readonly children?: readonly MarkdownNode[];
}

const CODE = new Set(['code', 'inlineCode', 'html', 'definition', 'front-matter']);

function* findHidden({ type, lang, position, children = [] }: MarkdownNode): Generator<Span> {
  const [start, end] = [position.start.offset, position.end.offset];
  if (CODE.has(type) && lang !== 'mermaid') yield { start, end };
  // `[text](address)`: the address follows the last child.
  if (type === 'link') yield { start: children.at(-1)?.position.end.offset ?? start, end };
  for (const child of children) yield* findHidden(child);
}

const maskSpans = (text: string, hidden: readonly Span[]): string =>
  hidden.reduce((rest, { start, end }) => rest.slice(0, start) + mask(rest.slice(start, end)) + rest.slice(end), text);

/** Reads the prose of a source file: masks everything but comments and strings. */
export async function readSourceProse(text: string): Promise<Prose> {
  const file = (await babel['babel-ts'].parse(text, NO_OPTIONS)) as SyntaxNode & { readonly comments: readonly Span[] };
  const nodes = [...findNodes(file)];
  const shown = [
    ...file.comments,
    ...nodes.filter(({ type }) => type === 'StringLiteral' || type === 'TemplateElement'),
  ];
  return {
    text: showSpans(text, shown).replaceAll(/(?<=^\s*)(?:\/\/|\/?\*+\/?)/gmu, (mark) => ' '.repeat(mark.length)),
    identifiers: nodes.flatMap(({ type, name, start }) =>
      type === 'Identifier' && typeof name === 'string' ? [{ name, start }] : [],
    ),
    comments: file.comments,
  };
}

interface SyntaxNode extends Span {
  readonly type: string;
  readonly name?: unknown;
}

function* findNodes(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const [key, child] of Object.entries(value)) {
    if (!key.endsWith('omments') && key !== 'tokens' && key !== 'loc') yield* findNodes(child);
  }
}

const isNode = (value: object): value is SyntaxNode => 'type' in value && 'start' in value && 'end' in value;

function showSpans(text: string, shown: readonly Span[]): string {
  let at = 0;
  let result = '';
  for (const { start, end } of shown.toSorted((one, other) => one.start - other.start)) {
    result += mask(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return result + mask(text.slice(at));
}
