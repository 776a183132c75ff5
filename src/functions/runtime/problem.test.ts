import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { CursorError, problem as problemSchema } from '../../contract/index.ts';
import { StillRefusedError } from '../../aws/index.ts';
import { TaskError } from '../../tasks/index.ts';
import { toResponse, toValidationError, createProblem, toProblem, RequestError } from './problem.ts';

/** What the SDK throws for a call. */
const sdkError = (name: string, $fault: 'client' | 'server' | undefined, httpStatusCode: number) =>
  Object.assign(new Error('secret'), { name, $metadata: { httpStatusCode }, ...($fault && { $fault }) });

describe('an error becomes a problem', () => {
  it.each([
    ['of a request', new RequestError('INVALID_JSON', 'why'), 400, 'INVALID_JSON'],
    ['of the domain', new TaskError('TASK_NOT_FOUND', 'why'), 404, 'TASK_NOT_FOUND'],
    ['of a cursor', new CursorError('x'), 400, 'INVALID_CURSOR'],
  ])('%s, with its code and status', (_, error, status, code) => {
    const found = toProblem(error, 'request-1');
    expect(found).toMatchObject({ type: 'about:blank', status, code, detail: error.message, requestId: 'request-1' });
    expect(problemSchema.parse(found)).toEqual(found);
  });

  it.each([
    ['keeps refusing part of a call', new StillRefusedError('BatchGetItem', 3, 8)],
    ['throttles', sdkError('ProvisionedThroughputExceededException', 'client', 400)],
    ['throttles, under any name', Object.assign(sdkError('Odd', 'client', 400), { $retryable: { throttling: true } })],
    ['is at fault', sdkError('InternalServerError', 'server', 500)],
    ['responds with a body that the SDK cannot parse', sdkError('Error', undefined, 502)],
    ['cannot be reached', Object.assign(new Error('connect ECONNREFUSED'), { $metadata: { attempts: 2 } })],
  ])('that says when to try again if a service %s', (_, error) => {
    const found = toProblem(error, 'request-1')!;
    expect(found).toMatchObject({ status: 503, code: 'UNAVAILABLE', requestId: 'request-1' });
    expect(found.detail).not.toContain('secret');
    expect(toResponse(found)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  });

  it('but not if a service denies a right that the deployment lacks, because trying again would not help', () => {
    expect(toProblem(sdkError('AccessDeniedException', 'client', 400), 'request-1')).toBeUndefined();
  });

  it.each([new Error('secret'), new TypeError('secret'), 'secret', undefined])(
    'but not if it is unexpected: %p',
    (error) => {
      expect(toProblem(error, 'request-1')).toBeUndefined();
    },
  );

  it('that names every wrong field', () => {
    const schema = z.object({ tags: z.array(z.object({ name: z.string() })), count: z.int() });
    const { error } = schema.safeParse({ tags: [{ name: 'x' }, {}], count: 0.5 });
    const found = toProblem(toValidationError('body', error!), 'request-1');
    expect(found?.errors?.map(({ path }) => path)).toEqual(['body.tags.1.name', 'body.count']);
    expect(found?.detail).toBe('The body breaks 2 rules; each is named in "errors".');
    const one = schema.safeParse({ tags: [], count: 'x' }).error!;
    expect(toValidationError('query', one).message).toBe('The query breaks a rule; each is named in "errors".');
  });
});

describe('a problem', () => {
  it('becomes a response by RFC 9457', () => {
    const body = createProblem('TASK_NOT_FOUND', 'request-1');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'No such task',
      status: 404,
      code: 'TASK_NOT_FOUND',
      requestId: 'request-1',
    });
    expect(toResponse(body)).toEqual({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify(body),
    });
  });

  it.each([
    ['UNAVAILABLE', '5'],
    ['REPORT_PENDING', '1'],
  ] as const)('%s says that a request is worth repeating after %s seconds', (code, seconds) => {
    expect(toResponse(createProblem(code, 'request-1')).headers).toMatchObject({ 'retry-after': seconds });
  });
});
