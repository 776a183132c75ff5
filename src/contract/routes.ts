import * as z from 'zod';
import { id, pageQuery } from './fields.ts';
import {
  partLinks,
  partsQuery,
  toleratedFailureCount,
  toleratedFailurePercentage,
  uploadResponse,
} from './upload/presigned-upload.ts';
import { readOptionsText } from './upload/read-options.ts';
import { fixFileLink } from './report.ts';
import { fileName, rowFailure, taskFile, taskFileStatus } from './task-file.ts';
import { task, taskContent, taskReplacement } from './task.ts';
import { verification } from './verification.ts';

const byId = z.strictObject({ id });
const idempotencyKey = z.string().trim().min(1).max(255);
const nothing = z.strictObject({});
/** Conditions on a task's version, which the service checks before it changes the task (RFC 9110, 13.1). */
const preconditions = z.object({ 'if-match': z.string().optional(), 'if-none-match': z.string().optional() });
/** A number in a query. An empty text is not a number; coercion would make it 0. */
const numeric = z.preprocess((text) => (text === '' ? Number.NaN : text), z.coerce.number());

/** The code of a failed row. The job definition decides which codes exist, so any code of this form is valid. */
const failureCode = z
  .string()
  .max(100)
  .regex(/^[A-Z][A-Z0-9_]*$/, 'must be a code of failed rows, such as RETRIES_EXHAUSTED');

/** The options of an upload, besides the file's name, in the query or in fields of the form. */
export const uploadTerms = z.strictObject({
  toleratedFailurePercentage: numeric.pipe(toleratedFailurePercentage).optional(),
  toleratedFailureCount: numeric.pipe(toleratedFailureCount).optional(),
  ...readOptionsText.shape,
});
export type UploadTerms = z.infer<typeof uploadTerms>;

/**
 * The HTTP API as data. The name of a route is the name of the function that serves it. Functions, client and
 * infrastructure read this one table.
 */
export const routes = {
  'create-task': {
    method: 'POST',
    path: '/tasks',
    params: nothing,
    query: nothing,
    headers: preconditions.extend({ 'idempotency-key': idempotencyKey.optional() }),
    body: taskContent,
    status: 201,
    response: task,
  },
  'list-tasks': {
    method: 'GET',
    path: '/tasks',
    params: nothing,
    query: pageQuery,
    status: 200,
    response: z.array(task),
  },
  'get-task': { method: 'GET', path: '/tasks/{id}', params: byId, query: nothing, status: 200, response: task },
  'update-task': {
    method: 'PUT',
    path: '/tasks/{id}',
    params: byId,
    query: nothing,
    headers: preconditions,
    body: taskReplacement,
    status: 200,
    response: task,
  },
  'delete-task': {
    method: 'DELETE',
    path: '/tasks/{id}',
    params: byId,
    query: nothing,
    headers: preconditions,
    status: 204,
  },
  'upload-tasks': {
    method: 'POST',
    path: '/tasks/upload',
    params: nothing,
    query: z.strictObject({
      fileName: fileName.optional(),
      ...uploadTerms.shape,
    }),
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    status: 202,
    /** The status of a presigned upload, whose content follows later. */
    otherStatus: 201,
    response: uploadResponse,
  },
  'presign-task-file-parts': {
    method: 'POST',
    path: '/task-files/{id}/parts',
    params: byId,
    query: nothing,
    body: partsQuery,
    status: 200,
    response: partLinks,
  },
  'complete-task-file-upload': {
    method: 'POST',
    path: '/task-files/{id}/upload-complete',
    params: byId,
    query: nothing,
    status: 202,
    response: taskFile,
  },
  'list-task-files': {
    method: 'GET',
    path: '/task-files',
    params: nothing,
    query: pageQuery.extend({ status: taskFileStatus.optional() }),
    status: 200,
    response: z.array(taskFile),
  },
  'get-task-file': {
    method: 'GET',
    path: '/task-files/{id}',
    params: byId,
    query: nothing,
    status: 200,
    response: taskFile,
  },
  'list-task-file-tasks': {
    method: 'GET',
    path: '/task-files/{id}/tasks',
    params: byId,
    query: pageQuery,
    status: 200,
    response: z.array(task),
  },
  'list-task-file-failures': {
    method: 'GET',
    path: '/task-files/{id}/failures',
    params: byId,
    query: pageQuery,
    /**
     * A caller who prefers `text/csv` to JSON is redirected (303) to the fix file. This is for callers whose client
     * does not send its signature on to S3; the others call `get-fix-file`.
     */
    headers: z.object({ accept: z.string().optional() }),
    status: 200,
    response: z.array(rowFailure),
  },
  'get-fix-file': {
    method: 'GET',
    path: '/task-files/{id}/fix-file',
    params: byId,
    query: nothing,
    status: 200,
    response: fixFileLink,
  },
  'verify-task-file': {
    method: 'POST',
    path: '/task-files/{id}/verify',
    params: byId,
    query: pageQuery.pick({ cursor: true }),
    status: 200,
    response: verification,
  },
  'cancel-task-file': {
    method: 'POST',
    path: '/task-files/{id}/cancel',
    params: byId,
    query: nothing,
    status: 202,
    response: taskFile,
  },
  'redrive-task-file': {
    method: 'POST',
    path: '/task-files/{id}/redrive',
    params: byId,
    query: nothing,
    body: z.strictObject({ codes: z.array(failureCode).min(1).max(100).optional() }).default({}),
    status: 202,
    response: taskFile,
  },
} as const satisfies Record<string, RouteShape>;

export interface RouteShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly headers?: z.ZodObject;
  /**
   * The schema of a JSON body; a body with a default can be left out. A route without this schema takes no body, or
   * reads the raw body itself.
   */
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  /** The status of another success, with the same schema. */
  readonly otherStatus?: 201;
  readonly response?: z.ZodType;
}

export type RouteName = keyof typeof routes;
export type Route<Name extends RouteName> = (typeof routes)[Name];
