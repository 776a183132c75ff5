import * as z from 'zod';
import { instant } from '../fields.ts';
import { readOptions } from './read-options.ts';
import { fileName, taskFile } from '../task-file.ts';

const MIB = 1024 * 1024;

/** One row in ten billion. DynamoDB refuses positive numbers below 1e-130. */
const PERCENTAGE_MIN = 1e-8;

/** How many rows may fail, from a request's query or body. */
export const toleratedFailurePercentage = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => value === 0 || value >= PERCENTAGE_MIN, `must be 0, or at least ${PERCENTAGE_MIN}`);
export const toleratedFailureCount = z.int().min(0);

/** The largest part that S3 takes. */
const PART_MAX_BYTES = 5 * 1024 * MIB;

/** S3 takes ten times as many parts, but lists a thousand at once: one call lists all that have arrived. */
export const PARTS_MAX = 1_000;

/** A presigned upload of up to so many bytes is one PUT. It is also the size of the smallest part. */
export const PART_MIN_BYTES = 8 * MIB;

/** The largest presigned upload, in bytes: a thousand of the largest parts, 5,000 GiB. */
export const PRESIGNED_MAX_BYTES = PARTS_MAX * PART_MAX_BYTES;

/** The largest number of part URLs in one response. */
export const PART_LINKS_MAX = 100;

/** How long a URL takes content: long enough for a large part over a slow line, too short to pass on. */
export const UPLOAD_LINK_SECONDS = 60 * 60;

/** Asks for the URLs of a presigned upload: the content of the file follows later. */
export const presignRequest = z.strictObject({
  fileName,
  /** The size of the whole file in bytes. */
  contentLength: z.int().min(1),
  toleratedFailurePercentage: toleratedFailurePercentage.optional(),
  toleratedFailureCount: toleratedFailureCount.optional(),
  ...readOptions.shape,
});

const partLink = z.object({
  number: z.int().min(1),
  /** The size of the part in bytes. The URL takes exactly so many. */
  contentLength: z.int().min(1),
  url: z.url(),
});
export type PartLink = z.infer<typeof partLink>;

/** One PUT of the whole file. */
const uploadLink = z.object({
  method: z.literal('PUT'),
  url: z.url(),
  /** The headers that the URL signs. HTTP clients send `content-length` by themselves. */
  headers: z.record(z.string(), z.string()),
  expiresAt: instant,
});

/** One PUT for each part. Every part has `partSize` bytes, except the last. */
const uploadParts = z.object({
  partSize: z.int(),
  partCount: z.int(),
  expiresAt: instant,
  /** The first parts. */
  parts: z.array(partLink),
});

/** `upload` says where to put the content. It is absent if the content has arrived, with the request or since. */
export const uploadResponse = taskFile.extend({ upload: z.union([uploadLink, uploadParts]).optional() });
export type UploadResponse = z.infer<typeof uploadResponse>;

export const partsQuery = z.strictObject({
  from: z.int().min(1),
  count: z.int().min(1).max(PART_LINKS_MAX),
});
export type PartsQuery = z.infer<typeof partsQuery>;

export const partLinks = z.object({ expiresAt: instant, parts: z.array(partLink) });
export type PartLinks = z.infer<typeof partLinks>;
