import { describe, expect, it } from '@jest/globals';
import { httpEvent } from '../../../test/kit/http-event.ts';
import { toServicePage } from './service-page.ts';

const request = (headers: Record<string, string> = {}) => toServicePage(httpEvent({ headers, rawPath: '/' }));
const typeOf = (accept: string) => request({ accept }).headers?.['content-type'];

describe('the page of the service', () => {
  it('is HTML for a browser, and JSON for a program', () => {
    expect(typeOf('text/html,application/xhtml+xml,*/*;q=0.8')).toBe('text/html; charset=utf-8');
    for (const accept of ['*/*', '', 'application/json', 'application/json, text/html;q=0.5']) {
      expect(typeOf(accept)).toBe('application/json');
    }
  });

  it('names the service, its documentation and three commands at its own address', () => {
    const page = JSON.parse(String(request({ 'x-forwarded-proto': 'http' }).body));
    expect(page).toMatchObject({ name: expect.any(String), docs: { everything: 'docs/README.md' } });
    expect(page.try).toHaveLength(3);
    for (const { command } of page.try) expect(command).toMatch(/^curl -s .*'http:\/\/localhost\//);
  });

  it('has the same commands in HTML, where every value is escaped', () => {
    const event = httpEvent({ headers: { accept: 'text/html', 'x-forwarded-proto': `"><script>` } });
    const { body, headers } = toServicePage(event);
    expect(body).toContain('curl -s ');
    expect(body).not.toContain('<script>');
    expect(headers?.['content-security-policy']).toBe("default-src 'none'");
  });

  it('has commands that sign their requests, if this one was signed', () => {
    const event = httpEvent();
    const signed = { ...event, requestContext: { ...event.requestContext, authorizer: { iam: {} } } };
    const { try: tries } = JSON.parse(String(toServicePage(signed).body)) as { try: { command: string }[] };
    for (const { command } of tries) expect(command).toContain('--aws-sigv4');
  });
});
