import { type FauxqsApp, isS3, toS3Request } from '../call/fauxqs-call.ts';

/** The response headers that a reader may set, by the name of the query parameter. */
const REQUESTABLE: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

/** Sends an object with the headers that its reader requests. A presigned URL names a download this way. */
export function sendRequestedHeaders(app: FauxqsApp): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if ((reply.statusCode === 200 || reply.statusCode === 206) && isS3(request)) {
      const { key, query } = toS3Request(request);
      for (const [parameter, header] of Object.entries(REQUESTABLE)) {
        if (key !== '' && parameter in query) reply.header(header, String(query[parameter]));
      }
    }
    done(null, payload);
  });
}
