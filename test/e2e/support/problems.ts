import { expect } from '@jest/globals';
import {
  problem,
  PROBLEM_CONTENT_TYPE,
  problems,
  type Problem,
  type ProblemCode,
} from '../../../src/contract/index.ts';

/** Texts that must never reach a caller: stack frames, file names, names of parts behind the API. */
const INTERNAL = /\bat .+:\d+|\.m?[jt]s\b|node_modules|dynamo|lambda|zod|arn:|Exception|TypeError|SyntaxError/i;

/**
 * Expects a request to be refused as RFC 9457 says, with this code and without internals. Resolves to the problem.
 */
export async function expectProblem(response: Response, code: ProblemCode): Promise<Problem> {
  const text = await response.text();
  expect({ status: response.status, type: response.headers.get('content-type'), text }).toEqual({
    status: problems[code].status,
    type: PROBLEM_CONTENT_TYPE,
    text: expect.stringContaining(`"code":"${code}"`),
  });
  expect(text).not.toMatch(INTERNAL);
  const refusal = problem.strict().parse(JSON.parse(text));
  expect(refusal).toMatchObject({ type: 'about:blank', title: problems[code].title, status: response.status });
  expect(refusal.requestId).toEqual(expect.any(String));
  return refusal;
}

export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});
