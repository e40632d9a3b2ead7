import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';

let control: ControlUnderTest;
let token: string;

beforeAll(async () => {
  control = await ControlUnderTest.start({ url: 'http://10.20.0.5:8080' });
  token = await control.admin();
});
afterAll(() => control.stop());

describe('the page for security keys', () => {
  it.each([
    ['/security-key', 'text/html', '<!doctype html>'],
    ['/security-key/page.css', 'text/css', ':root'],
    ['/security-key/page.js', 'text/javascript', 'navigator.credentials'],
    ['/security-key/sign-on.js', 'text/javascript', 'sessionStorage'],
    ['/single-sign-on?code=x&state=y', 'text/html', '<!doctype html>'],
  ])('is served at %s, and may use nothing but its own files', async (url, type, content) => {
    const { status, headers, text } = await control.ask('GET', url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    });
    expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
    expect(text).toContain(content);
  });

  it('holds no script and no style of its own, which its policy would not run', async () => {
    const { text } = await control.ask('GET', '/security-key');
    expect(text).not.toMatch(/<style|<script(?![^>]* src=)| on\w+=| style=/);
  });
});

describe('a site', () => {
  it('that browsers let use no security keys says so, and what to do', async () => {
    const body = { name: 'blue one', password: PASSWORD, reason: REASON };
    const { json } = await control.ask('POST', '/v1/me/security-keys', { token, body });
    expect(json).toMatchObject({ status: 409, code: 'security-keys-unavailable' });
    expect(String(json['detail'])).toContain('control-url');
    const listed = await control.ask('GET', '/v1/me/security-keys', { token });
    expect(listed.json).toEqual({ securityKeys: [], page: null });
  });
});
