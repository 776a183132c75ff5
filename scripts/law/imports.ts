import { readFile } from 'node:fs/promises';
import { parse } from '@swc/core';

export interface Import {
  /** The specifier as written: `./job.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Whether it is `import * as name`, or has no named binding. */
  readonly isWhole: boolean;
}

/** Returns every import of a module: static or dynamic, of values or of types, re-exports and `require` included. */
export async function readImports(file: string): Promise<readonly Import[]> {
  const source = await readFile(file, 'utf8');
  return [...findImports(await parse(source, { syntax: 'typescript', target: 'es2024' }))];
}

function* findImports(node: unknown): Generator<Import> {
  if (typeof node !== 'object' || node === null) return;
  const found = toImport(node);
  if (found) yield found;
  for (const child of Object.values(node)) yield* findImports(child);
}

interface SyntaxNode {
  readonly type?: string;
  readonly source?: { readonly value: string } | null;
  readonly specifiers?: readonly { readonly type: string }[];
  readonly callee?: { readonly type: string; readonly value?: string };
  readonly arguments?: readonly { readonly expression: { readonly type: string; readonly value?: string } }[];
  readonly argument?: { readonly value: string };
}

function toImport(node: SyntaxNode): Import | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { specifier: node.source.value, isWhole: isWhole(node) } : undefined;
    case 'TsImportType':
      return node.argument && { specifier: node.argument.value, isWhole: true };
    case 'CallExpression':
      return toCalledImport(node);
    default:
      return undefined;
  }
}

const isWhole = (node: SyntaxNode): boolean =>
  (node.specifiers ?? []).every(({ type }) => type === 'ImportNamespaceSpecifier');

/**
 * Returns the import of `import('…')` or `require('…')`. A computed argument names no module, so the law cannot check
 * it and refuses it.
 */
function toCalledImport({ callee, arguments: args }: SyntaxNode): Import | undefined {
  if (callee?.type !== 'Import' && callee?.value !== 'require') return undefined;
  const argument = args?.[0]?.expression;
  return { specifier: argument?.type === 'StringLiteral' ? (argument.value ?? '') : COMPUTED, isWhole: true };
}

export const COMPUTED = '(computed)';
