import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { preferredType } from './accept.ts';

const NAME = 'Fan Out / Fan In';
const SUMMARY =
  'Takes a file of rows, processes the rows in parallel, counts the outcome of every row exactly once, and says when the last one is in.';
const DOCS = { api: 'docs/api.md', everything: 'docs/README.md' };

interface Trial {
  readonly does: string;
  readonly command: string;
}

/** Of a caller who had to sign. */
const SIGNED =
  '--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" ';

/**
 * What the service is, where its documentation is, and what to try first: as a page for a person, as JSON for a
 * program.
 */
export function servicePage(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const tries = trialsOf(event);
  const isPage = wantsPage(event.headers['accept']);
  const type = isPage ? 'text/html; charset=utf-8' : 'application/json';
  const body = isPage ? pageOf(tries) : JSON.stringify({ name: NAME, summary: SUMMARY, docs: DOCS, try: tries });
  return {
    statusCode: 200,
    headers: { 'content-type': type, 'content-security-policy': "default-src 'none'", vary: 'Accept' },
    body,
  };
}

/** A browser names HTML; a program names JSON, or nothing in particular. */
const wantsPage = (accept: string | undefined): boolean =>
  preferredType(accept, ['application/json', 'text/html']) === 'text/html';

function trialsOf({ headers, requestContext }: APIGatewayProxyEventV2): readonly Trial[] {
  const address = `${headers['x-forwarded-proto'] ?? 'https'}://${requestContext.domainName}`;
  const curl = `curl -s ${'authorizer' in requestContext ? SIGNED : ''}`;
  return [
    {
      does: 'uploads a file, and answers its id',
      command: `${curl}-H 'Content-Type: text/csv' --data-binary @samples/sample.csv '${address}/tasks/upload?fileName=sample.csv'`,
    },
    { does: 'tells how far each file is', command: `${curl}'${address}/task-files'` },
    { does: 'lists the tasks that were made', command: `${curl}'${address}/tasks?limit=5'` },
  ];
}

function pageOf(tries: readonly Trial[]): string {
  const items = tries.map(({ does, command }) => `<p>${escaped(does)}:</p>\n<pre>${escaped(command)}</pre>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${NAME}</title>
<h1>${NAME}</h1>
<p>${SUMMARY}</p>
<p>The documentation lies beside the code: the API and its codes in <code>${DOCS.api}</code>, everything else in <code>${DOCS.everything}</code>.</p>
<h2>To try</h2>
${items.join('\n')}
</html>
`;
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
