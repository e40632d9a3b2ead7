import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest } from '#test/support/control-under-test';

const reason = { code: 'security-fix', text: 'closes the hole that was reported' };
const item = { snap: 'lab-hello', channel: 'stable', revision: 1 };

let control: ControlUnderTest;
let token: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  token = await control.admin();
});
afterAll(() => control.stop());

describe('characters that are no text are refused, wherever they stand', () => {
  it.each([
    ['a login', 'POST', '/v1/sessions', { login: 'a\0', password: 'x' }],
    ['a password', 'POST', '/v1/passwords', { login: 'a', secret: '\0', password: 'x' }],
    ['a name', 'POST', '/v1/people', { login: 'zoe', name: 'Z\0oe', roles: [], reason }],
    ['half a character', 'POST', '/v1/people', { login: 'zoe', name: 'Z\uD800oe', roles: [], reason }],
    [
      'a reason',
      'POST',
      '/v1/change-requests',
      { items: [item], reason: { ...reason, text: 'abcdefgh\0ijklmn' } },
    ],
    ['a channel', 'POST', '/v1/change-requests', { items: [{ ...item, channel: 'a\0' }], reason }],
    ['a path', 'POST', '/v1/people/a%00b/roles', { role: 'author', reason }],
    ['an id', 'GET', '/v1/change-requests/a%00', undefined],
    ['a query', 'GET', '/v1/audit?actor=a%00b', undefined],
  ] as const)('%s', async (_where, method, path, body) => {
    const answer = await control.ask(method, path, { token, ...(body ? { body } : {}) });
    expect(answer.json).toMatchObject({ status: 400, code: 'not-text' });
  });
});
