import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';

export interface S3Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface S3Response {
  readonly status: number;
  /** The code, if the response is an error. */
  readonly code: string | undefined;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** Sends a request exactly as given: no client adds or corrects a header. */
export async function callS3(endpoint: string, method: string, path: string, call: S3Call = {}): Promise<S3Response> {
  const { headers = {}, body } = call;
  const sent = request(endpoint + path, { method, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return { status: response.statusCode, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], text, headers: response.headers };
}
