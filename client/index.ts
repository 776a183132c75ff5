export type { RouteAnswer } from './answer.ts';
export * from './client.ts';
export * from './errors.ts';
export * from './iterate.ts';
export type { RawBody, RouteRequest } from './request.ts';
