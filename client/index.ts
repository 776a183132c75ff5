export type { RouteResponse } from './response.ts';
export * from './client.ts';
export { downloadFixFile, type DownloadOptions, type FixFile } from './download-fix-file.ts';
export * from './errors.ts';
export * from './iterate.ts';
export { uploadFile, type UploadOptions } from './upload-file.ts';
export type { RawBody, RouteRequest } from './request.ts';
