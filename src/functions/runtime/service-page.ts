import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { negotiateType } from './accept.ts';

const NAME = 'Fan Out / Fan In';
const SUMMARY =
  'Takes a file of rows, processes the rows in parallel, counts the outcome of every row exactly once, and announces the end of the file.';
const DOCS = { api: 'docs/api.md', everything: 'docs/README.md' };

interface Trial {
  readonly does: string;
  readonly command: string;
}

/** Options of curl for a caller whose requests are signed. */
const SIGNED =
  '--aws-sigv4 "aws:amz:$AWS_REGION:execute-api" -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" ';

/** Says what the service is, where its documentation is, and what to try first: as HTML, or as JSON for a program. */
export function toServicePage(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const trials = listTrials(event);
  const isPage = wantsPage(event.headers['accept']);
  const type = isPage ? 'text/html; charset=utf-8' : 'application/json';
  const body = isPage ? renderPage(trials) : JSON.stringify({ name: NAME, summary: SUMMARY, docs: DOCS, try: trials });
  return {
    statusCode: 200,
    headers: { 'content-type': type, 'content-security-policy': "default-src 'none'", vary: 'Accept' },
    body,
  };
}

/** A browser asks for HTML; a program asks for JSON, or for no type. */
const wantsPage = (accept: string | undefined): boolean =>
  negotiateType(accept, ['application/json', 'text/html']) === 'text/html';

function listTrials({ headers, requestContext }: APIGatewayProxyEventV2): readonly Trial[] {
  const address = `${headers['x-forwarded-proto'] ?? 'https'}://${requestContext.domainName}`;
  const curl = `curl -s ${'authorizer' in requestContext ? SIGNED : ''}`;
  return [
    {
      does: 'uploads a file, and returns its id',
      command: `${curl}-H 'Content-Type: text/csv' --data-binary @samples/sample.csv '${address}/tasks/upload?fileName=sample.csv'`,
    },
    { does: 'shows the progress of each file', command: `${curl}'${address}/task-files'` },
    { does: 'lists the tasks that were created', command: `${curl}'${address}/tasks?limit=5'` },
  ];
}

function renderPage(trials: readonly Trial[]): string {
  const items = trials.map(({ does, command }) => `<p>${escapeHtml(does)}:</p>\n<pre>${escapeHtml(command)}</pre>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${NAME}</title>
<h1>${NAME}</h1>
<p>${SUMMARY}</p>
<p>The documentation is in the repository: the API and its codes in <code>${DOCS.api}</code>, everything else in <code>${DOCS.everything}</code>.</p>
<h2>To try</h2>
${items.join('\n')}
</html>
`;
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
