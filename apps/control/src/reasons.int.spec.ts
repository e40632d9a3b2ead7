import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest } from '#test/support/control-under-test';
import { openApiDocument } from './openapi/document.js';
import { mutatingRoutes } from './testing/mutating-routes.js';

/** What says why by being done, and so carries a reason of its own into the history. */
const SELF_EXPLAINING = [
  'POST /v1/passwords',
  'POST /v1/passwords/change',
  // Why is said when the secret is asked for.
  'POST /v1/me/second-component/confirm',
  // Why is said when the challenge is asked for.
  'POST /v1/me/security-keys/confirm',
  'POST /v1/sessions',
  'DELETE /v1/sessions/current',
  'POST /v1/sessions/single-sign-on',
  // The token says why.
  'POST /v2/metadata/overrides',
  'POST /v1/token-submissions',
  // What nodes say, each with its signature: nodes.int.spec.ts.
  'POST /v1/node-enrolments',
  'POST /v1/node-heartbeats',
  'POST /v1/node-keys',
  // A ticket system's, signed: tickets.int.spec.ts.
  'POST /v1/ticket-systems/{system}/messages',
  // The body is a file, and why stands in the address: attachments.int.spec.ts.
  'POST /v1/change-requests/{id}/attachments',
  // What is said says why.
  'POST /v1/change-requests/{id}/comments',
  // What is copied is why.
  'POST /v1/record-copies',
  // They change nothing.
  'POST /v1/sessions/single-sign-on/requests',
  'POST /v1/sessions/single-sign-on/security-key-challenges',
  'POST /v1/me/single-sign-on/requests',
  'POST /v1/single-sign-on/answers',
  'POST /v1/sessions/security-key-challenges',
  'POST /v1/sessions/current/hand-over',
  'POST /v1/sessions/handed-over',
  'POST /v1/me/security-key-challenges',
  'POST /v1/override-previews',
  'POST /v1/node-deliveries',
];

const { paths } = await openApiDocument();
const mutating = await mutatingRoutes();
const commands = mutating.filter(({ method, path }) => !SELF_EXPLAINING.includes(`${method} ${path}`));

/** What every route wants of a request, but for the reason. */
const body = {
  login: 'zoe',
  name: 'Zoe',
  roles: [],
  role: 'author',
  snap: 'lab-hello',
  items: [{ format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1', revision: 1 }],
  recordDigest: '0'.repeat(64),
  password: 'a password',
  passed: true,
  lookedAt: 'three devices, per TP-88',
  standingReason: { code: 'routine', text: 'pins what the nightly tests passed' },
  rings: ['default'],
  devices: ['acme/gateway/0001'],
};
const GOOD = { code: 'security-fix', text: 'closes the hole that was reported' };
const without = (name: keyof typeof GOOD) => ({ ...GOOD, [name]: undefined });
const wrong: readonly (readonly [string, unknown])[] = [
  ['no reason', undefined],
  ['null', null],
  ['a text alone', GOOD.text],
  ['a list', [GOOD]],
  ['no code', without('code')],
  ['a code that is none', { ...GOOD, code: 'Because I say so' }],
  ['no text', without('text')],
  ['a text of nine letters', { ...GOOD, text: 'a b c d e' }],
  ['nine letters and blanks around them', { ...GOOD, text: '   updatedit   ' }],
];

let control: ControlUnderTest;
let admin: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
});
afterAll(() => control.stop());

async function eventCount(): Promise<number> {
  let count = 0;
  for await (const append of control.adapters.store.readAll(null)) count += append.events.length;
  return count;
}

describe('R04: every route that changes something', () => {
  it('is here', () => {
    expect(commands.length).toBeGreaterThanOrEqual(10);
    expect(mutating.length - commands.length).toBe(SELF_EXPLAINING.length);
  });

  describe.each(commands)('$method $path', ({ method, path }) => {
    const url = path
      .replace('{login}', 'zoe')
      .replace('{role}', 'author')
      .replace('{id}', 'CR-2026-0001')
      .replace('{snap}', 'lab-hello')
      .replace('{list}', 'lab');

    it.each(wrong)('refuses %s, and records nothing', async (_what, reason) => {
      const before = await eventCount();
      const answer = await control.ask(method, url, { token: admin, body: { ...body, reason } });
      const errors = answer.json['errors'] as readonly { pointer: string }[];
      expect(answer.json).toMatchObject({ status: 400, code: 'reason-required' });
      expect(errors.some(({ pointer }) => pointer.startsWith('/reason'))).toBe(true);
      expect(await eventCount()).toBe(before);
    });

    it('asks for a session first', async () => {
      const answer = await control.ask(method, url, { body: { ...body, reason: GOOD } });
      expect(answer.json).toMatchObject({ status: 401, code: 'not-signed-in' });
    });
  });

  it('reads nothing without a session either', async () => {
    const reading = Object.entries(paths).filter(([, item]) => item.get);
    expect(reading.length).toBeGreaterThanOrEqual(6);
    for (const [path] of reading) {
      expect((await control.ask('GET', path.replace('{id}', 'CR-2026-0001'))).status).toBe(401);
    }
  });
});
