import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';

export interface S3Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface S3Answer {
  readonly status: number;
  /** The code of an error, if it is one. */
  readonly code: string | undefined;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** A request as it is: no client adds a header, or mends one. */
export async function callS3(endpoint: string, method: string, path: string, call: S3Call = {}): Promise<S3Answer> {
  const { headers = {}, body } = call;
  const sent = request(endpoint + path, { method, headers, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return { status: response.statusCode, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], text, headers: response.headers };
}
