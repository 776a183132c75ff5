import { readFile } from 'node:fs/promises';
import { parse } from '@swc/core';

export interface Import {
  /** As written: `./job.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** `import * as name`, or no named binding at all. */
  readonly isWhole: boolean;
}

/** Every import of a module: static or dynamic, of values or of types, re-exports and `require` included. */
export async function importsOf(file: string): Promise<readonly Import[]> {
  const source = await readFile(file, 'utf8');
  return [...importsIn(await parse(source, { syntax: 'typescript', target: 'es2024' }))];
}

function* importsIn(node: unknown): Generator<Import> {
  if (typeof node !== 'object' || node === null) return;
  const found = asImport(node);
  if (found) yield found;
  for (const child of Object.values(node)) yield* importsIn(child);
}

interface SyntaxNode {
  readonly type?: string;
  readonly source?: { readonly value: string } | null;
  readonly specifiers?: readonly { readonly type: string }[];
  readonly callee?: { readonly type: string; readonly value?: string };
  readonly arguments?: readonly { readonly expression: { readonly type: string; readonly value?: string } }[];
  readonly argument?: { readonly value: string };
}

function asImport(node: SyntaxNode): Import | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { specifier: node.source.value, isWhole: isWhole(node) } : undefined;
    case 'TsImportType':
      return node.argument && { specifier: node.argument.value, isWhole: true };
    case 'CallExpression':
      return calledImport(node);
    default:
      return undefined;
  }
}

const isWhole = (node: SyntaxNode): boolean =>
  (node.specifiers ?? []).every(({ type }) => type === 'ImportNamespaceSpecifier');

/**
 * `import('…')` and `require('…')`. A computed argument names no module, so the law can't judge it and it is refused.
 */
function calledImport({ callee, arguments: args }: SyntaxNode): Import | undefined {
  if (callee?.type !== 'Import' && callee?.value !== 'require') return undefined;
  const argument = args?.[0]?.expression;
  return { specifier: argument?.type === 'StringLiteral' ? (argument.value ?? '') : COMPUTED, isWhole: true };
}

export const COMPUTED = '(computed)';
