import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, REASON, type Answer } from '#test/support/control-under-test';

let control: ControlUnderTest;
let admin: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
});
afterAll(() => control.stop());

const json = { 'content-type': 'application/json' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A problem without its words, and with what has to hold for every one. */
function shapeOf({ status: http, headers, json: body }: Answer) {
  const { type, title, status, detail, code, requestId, ...rest } = body;
  const media = String(headers['content-type']).split(';')[0];
  const told = [title, detail].every((text) => typeof text === 'string' && text !== '');
  const id = requestId === headers['x-request-id'] && UUID.test(String(requestId));
  return { http, media, type, status, code, told, id, rest };
}

function problem(status: number, code: string): ReturnType<typeof shapeOf> {
  const media = 'application/problem+json';
  return {
    http: status,
    media,
    type: `urn:holdfast:problem:${code}`,
    status,
    code,
    told: true,
    id: true,
    rest: {},
  };
}

describe('problems', () => {
  it('a body that is not JSON', async () => {
    const asked = { token: admin, headers: json, body: '{"login": hfs_not-json' };
    const answer = await control.ask('POST', '/v1/people', asked);
    expect(shapeOf(answer)).toEqual(problem(400, 'malformed-json'));
    expect(answer.text).not.toContain('hfs_not-json');
  });

  it('an empty body that says it is JSON', async () => {
    const answer = await control.ask('POST', '/v1/people', { token: admin, headers: json, body: '' });
    expect(shapeOf(answer)).toEqual(problem(400, 'malformed-json'));
  });

  it('a body that would reach into prototypes', async () => {
    const body = '{"login": "x", "__proto__": {"admin": true}}';
    const answer = await control.ask('POST', '/v1/people', { token: admin, headers: json, body });
    expect(shapeOf(answer)).toEqual(problem(400, 'malformed-json'));
  });

  it('no body at all', async () => {
    const answer = await control.ask('POST', '/v1/commissioning/close', { token: admin });
    expect(answer.json).toMatchObject({ status: 400, code: 'reason-required' });
  });

  it('a body that is too large', async () => {
    const body = JSON.stringify({ login: 'x'.repeat(300_000) });
    expect(shapeOf(await control.ask('POST', '/v1/sessions', { headers: json, body }))).toEqual(
      problem(413, 'body-too-large'),
    );
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'a body of %s',
    async (type) => {
      const asked = { headers: { 'content-type': type }, body: 'login=admin' };
      expect(shapeOf(await control.ask('POST', '/v1/sessions', asked))).toEqual(
        problem(415, 'unsupported-media-type'),
      );
    },
  );

  it.each([
    ['GET', '/'],
    ['GET', '/v1/nothing?token=hfs_secret'],
    ['DELETE', '/v1/people'],
  ] as const)('%s %s is nothing', async (method, url) => {
    const answer = await control.ask(method, url, { token: admin });
    expect(shapeOf(answer)).toEqual(problem(404, 'no-such-route'));
    expect(answer.text).not.toContain('hfs_secret');
  });

  it('an address that cannot be decoded', async () => {
    expect(shapeOf(await control.ask('GET', '/v1/%zz', { token: admin }))).toEqual(
      problem(400, 'malformed-request'),
    );
  });

  it('members that are wrong, each with its pointer', async () => {
    const body = { login: 7, name: 'Ana', roles: ['author', 'king'], extra: true, reason: REASON };
    const answer = await control.ask('POST', '/v1/people', { token: admin, body });
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-request' });
    const errors = answer.json['errors'] as { pointer: string; detail: string }[];
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/extra', '/login', '/roles']);
    expect(errors.every(({ detail }) => detail.length > 0)).toBe(true);
  });

  it('read models that no projector has made yet', async () => {
    const answer = await control.ask('GET', '/v1/people', { token: admin });
    expect(shapeOf(answer)).toEqual(problem(503, 'not-yet-projected'));
  });

  it('what nobody foresaw tells nothing but the id to look for', async () => {
    // What no projector makes: a read model without its columns.
    const owner = new pg.Client({ connectionString: control.database.ownerUrl });
    await owner.connect();
    await owner.query('create view read.people_v6 as select 1 as nothing');
    await owner.query('grant select on read.people_v6 to holdfast_control');
    await owner.end();
    const answer = await control.ask('GET', '/v1/people', { token: admin });
    expect(shapeOf(answer)).toEqual(problem(500, 'internal-error'));
    expect(answer.text).not.toContain('does not exist');
    const logged = control.log.find((line) => line.includes('"level":"error"')) ?? '';
    expect(logged).toContain('does not exist');
    expect(logged).toContain(String(answer.json['requestId']));
  });
});

describe('every answer', () => {
  it('carries what keeps browsers from using it otherwise, and lets no other origin read it', async () => {
    const answer = await control.ask('GET', '/v1/me', {
      token: admin,
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });

  it("carries the request's id when it is a UUID, and another one when not", async () => {
    const id = '01a20aed-f256-755c-87ed-a7b6bec9d8a7';
    const mine = await control.ask('GET', '/v1/me', { headers: { 'x-request-id': id } });
    expect(mine.json['requestId']).toBe(id);
    const other = await control.ask('GET', '/v1/me', { headers: { 'x-request-id': 'x"}\n{' } });
    expect(other.json['requestId']).toMatch(UUID);
  });
});
