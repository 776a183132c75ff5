import { type FauxqsApp, isS3, s3Request } from '../call/fauxqs-call.ts';

/** Headers of the answer that a reader may ask for, by the name of the parameter. */
const ASKED: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

/** Answers an object with the headers that its reader asks for, as a presigned URL does to name a download. */
export function sendAskedHeaders(app: FauxqsApp): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if ((reply.statusCode === 200 || reply.statusCode === 206) && isS3(request)) {
      const { key, query } = s3Request(request);
      for (const [parameter, header] of Object.entries(ASKED)) {
        if (key !== '' && parameter in query) reply.header(header, String(query[parameter]));
      }
    }
    done(null, payload);
  });
}
