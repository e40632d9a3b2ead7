import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { SIGN_ON_REDIRECT } from '#test/support/sign-on-page';
import { SmallIdentityProvider } from '#test/support/small-identity-provider';
import { readWhole } from '#test/support/whole-history';
import { openApiDocument } from './openapi/document.js';
import { SUCCESSES, type Success } from './testing/every-change.js';
import { mutatingRoutes } from './testing/mutating-routes.js';
import { Stage } from './testing/stage.js';

let stage: Stage;
let provider: SmallIdentityProvider;

beforeAll(async () => {
  provider = await SmallIdentityProvider.start(() => Date.parse(stage.control.clock.now()), SIGN_ON_REDIRECT);
  stage = await Stage.set(await ControlUnderTest.start({ signOn: provider.settings }), provider);
});
afterAll(async () => {
  await stage?.end();
  await provider?.stop();
});

const etag = ({ headers }: Answer) => String(headers['etag']);
const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  stage.control.ask('GET', url, { token: stage.token('ana'), headers });
const post = (url: string, body: object, match: string, login = 'ana') =>
  stage.control.ask('POST', url, { token: stage.token(login), body, headers: { 'if-match': match } });
/** Whoever proved who they are has done so, whatever becomes of the rest. */
const events = async () =>
  (await readWhole(stage.control.adapters.store)).filter(
    ({ envelope }) => envelope.reason.code !== 'reauthentication',
  ).length;

/** A request, shown by the read model. */
async function shown(): Promise<{
  readonly id: string;
  readonly recordDigest: string;
  readonly tag: string;
}> {
  const request = await stage.captured();
  await stage.projector.catchUp();
  return { ...request, tag: etag(await get(`/v1/change-requests/${request.id}`)) };
}

describe('a command with If-Match', () => {
  it('is decided at the revision that was looked at', async () => {
    const { id, tag } = await shown();
    expect(tag).toMatch(/^"2-[0-9a-f]{32}"$/);
    const answer = await post(`/v1/change-requests/${id}/withdraw`, { reason: REASON }, tag);
    expect(answer).toMatchObject({ status: 200, json: { status: 'withdrawn' } });
    expect(etag(answer)).toBe('"3"');
  });

  it('is refused at any other, with what is there now, and leaves nothing of it', async () => {
    const { id, recordDigest, tag } = await shown();
    await stage.post('cyd', `/v1/change-requests/${id}/reject`, {
      recordDigest,
      password: PASSWORD,
      reason: REASON,
    });
    const before = await events();
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    const answer = await post(`/v1/change-requests/${id}/approve`, body, tag, 'ben');
    expect(answer).toMatchObject({ status: 412, json: { code: 'precondition-failed' } });
    expect(answer.json['current']).toEqual({
      etag: '"3"',
      since: [
        {
          type: 'ChangeRejected',
          at: stage.control.clock.now(),
          by: 'cyd of the team',
          streamRevision: '3',
        },
      ],
    });
    expect(await events()).toBe(before);
  });

  it('is refused where somebody else came first at the same time', async () => {
    const url = '/v1/settings';
    const tag = etag(await stage.control.ask('GET', url, { token: stage.token('olga') }));
    const change = (proxy: string) =>
      post(
        url,
        { changes: [{ key: 'forward-proxy', value: `http://${proxy}.example` }], reason: REASON },
        tag,
        'olga',
      );
    const answers = await Promise.all(['one', 'two', 'three'].map(change));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412]);
  });

  it('goes from one answer to the next', async () => {
    const login = await stage.somebody();
    const grant = (role: string, match: string) =>
      post(`/v1/people/${login}/roles`, { role, reason: REASON }, match, 'admin');
    const first = await grant('author', '*');
    expect(first.status).toBe(200);
    expect((await grant('operator', etag(first))).status).toBe(200);
    expect((await grant('auditor', etag(first))).status).toBe(412);
  });

  it.each(['12', '"12', 'W/12', '"1", 2', `"${'x'.repeat(2_000)}"`, Array(21).fill('"1"').join(', ')])(
    'is refused with %j, which names no tag',
    async (match) => {
      const { id } = await stage.captured();
      const answer = await post(`/v1/change-requests/${id}/withdraw`, { reason: REASON }, match);
      expect(answer.json).toMatchObject({ status: 400, code: 'invalid-request' });
    },
  );

  it.each(['"1"', 'W/"2"', '"another"', '"1", "0"'])(
    'is refused with %s, which is not what there is',
    async (match) => {
      const { id } = await stage.captured();
      expect((await post(`/v1/change-requests/${id}/withdraw`, { reason: REASON }, match)).status).toBe(412);
    },
  );

  it.each(['"2"', '"1", "2"', '*', '"2-00000000000000000000000000000000"'])(
    'is taken with %s',
    async (match) => {
      const { id } = await stage.captured();
      expect((await post(`/v1/change-requests/${id}/withdraw`, { reason: REASON }, match)).status).toBe(200);
    },
  );

  it('is refused for what does not exist', async () => {
    const answer = await post('/v1/change-requests/CR-2026-9999/withdraw', { reason: REASON }, '*');
    expect(answer).toMatchObject({ status: 412, json: { current: { etag: null, since: [] } } });
  });
});

describe('what is read', () => {
  it('has an ETag at every address, and is not sent again to who has it', async () => {
    const { id } = await shown();
    const { paths } = await openApiDocument();
    const addresses: Readonly<Record<string, string>> = {
      '/v1/change-requests/{id}': `/v1/change-requests/${id}`,
      '/v1/policies/{ring}': '/v1/policies/default',
      '/v1/approval-policies/{ring}': '/v1/approval-policies/default',
      '/v2/metadata/overrides': '',
      // All of the record, as it streams: nobody knows beforehand what it comes to.
      '/v1/audit/export': '',
    };
    const plain = Object.entries(paths).flatMap(([path, item]) => (item.get ? [path] : []));
    const asked = plain
      .map((path) => addresses[path] ?? path)
      .filter((path) => path !== '' && !path.includes('{'));
    expect(asked.length).toBeGreaterThan(12);
    for (const path of asked) {
      const first = await get(path);
      if (first.status !== 200) continue;
      const again = await get(path, { 'if-none-match': `"else", ${etag(first)}` });
      expect([path, again.status, again.text]).toEqual([path, 304, '']);
      expect((await get(path, { 'if-none-match': '"else"' })).status).toBe(200);
    }
  });

  it('has another ETag once it is changed', async () => {
    const before = etag(await get('/v1/policies/default'));
    await stage.post('olga', '/v1/rings/default/halt', { reason: REASON });
    const after = await get('/v1/policies/default', { 'if-none-match': before });
    expect(after.status).toBe(200);
    expect(etag(after)).not.toBe(before);
  });
});

/** What decides on no record that there is: they make one, or change nothing. */
const OF_NO_RECORD = [
  'POST /v1/override-previews',
  'POST /v1/node-heartbeats',
  // A signed message of a program, which names the revision that it saw itself.
  'POST /v1/ticket-systems/{system}/messages',
  'POST /v1/me/security-key-challenges',
  'POST /v1/sessions/security-key-challenges',
  'POST /v1/change-requests/{id}/security-key-challenges',
  'POST /v1/reviews/{id}/security-key-challenges',
  'POST /v1/sessions/single-sign-on/requests',
  'POST /v1/me/single-sign-on/requests',
  'POST /v1/single-sign-on/answers',
  'POST /v1/sessions/single-sign-on/security-key-challenges',
  'POST /v1/sessions/current/hand-over',
  'POST /v1/sessions/handed-over',
  // Signed by nodes, each with a number of its own.
  'POST /v1/node-enrolments',
  'POST /v1/node-deliveries',
  'POST /v1/node-keys',
];

const routes = (await mutatingRoutes()).filter(
  ({ method, path }) => !OF_NO_RECORD.includes(`${method} ${path}`),
);

/** Where a record is shown: at an address of its own, whose ETag it is, or in a line of a list. */
interface Shown {
  readonly url: string;
  readonly line?: { readonly list: string; readonly key: string; readonly is: string };
  /** With the session of who gives the command. */
  readonly own?: true;
}

const lineOf = (list: string, key: string, is: string): Shown => ({
  url: `/v1/${list}`,
  line: { list, key, is },
});
const segment = ({ url }: Success, index: number) => decodeURIComponent(url.split('/')[index] ?? '');
const loginIn = ({ body }: Success) => String((body as { readonly login?: unknown } | undefined)?.login);
const me: Shown = { url: '/v1/me', own: true };

/** The first that fits `METHOD /path`. */
const SHOWN: readonly (readonly [RegExp, (success: Success) => Shown])[] = [
  [/ \/v1\/(change-requests|reviews)\/\{id\}/, ({ url }) => ({ url: url.split('/').slice(0, 4).join('/') })],
  [/ \/v1\/people\/\{login\}\/training$/, ({ url }) => ({ url })],
  [/ \/v1\/people\/\{login\}\/same-person\//, () => ({ url: '/v1/same-persons' })],
  [/ \/v1\/people\/\{login\}/, (success) => lineOf('people', 'login', segment(success, 3))],
  [
    / \/v1\/(passwords|passwords\/change|sessions)$/,
    (success) => lineOf('people', 'login', loginIn(success)),
  ],
  [/ \/v1\/(me\/|sessions\/current$)/, () => me],
  [/ \/v1\/tokens\/\{id\}/, (success) => lineOf('tokens', 'id', segment(success, 3))],
  [/ \/v1\/nodes\/\{name\}/, (success) => lineOf('nodes', 'name', segment(success, 3))],
  [/ \/v1\/templates\/\{ring\}/, ({ url }) => ({ url: url.split('/').slice(0, 4).join('/') })],
  [/ \/v1\/rings\/\{ring\}/, (success) => ({ url: `/v1/policies/${segment(success, 3)}` })],
  [
    / \/v1\/(sinks|settings|rings|holds|mail-addresses|watched-snaps)/,
    (success) => ({ url: `/v1/${segment(success, 2)}` }),
  ],
];

/** `"none"`, the tag of what there is not, for what makes a record; and anything for what is of none that somebody looks at before. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'POST /v1/people': '"none"',
  'POST /v1/tokens': '"none"',
  'POST /v1/change-requests': '"none"',
  'POST /v1/token-submissions': '"none"',
  'POST /v2/metadata/overrides': '"none"',
  'POST /v1/syncs': '"none"',
  'POST /v1/nodes': '"none"',
  'POST /v1/device-lists/{list}': '"none"',
  'POST /v1/reviews/access': '"none"',
  'POST /v1/reviews/periodic': '"none"',
  'POST /v1/reviews/trail': '"none"',
  // Whoever signs in sees nothing before.
  'POST /v1/sessions/single-sign-on': '*',
  'POST /v2/auth/issue-store-admin': '*',
  // Of copies there is no view, and nobody took one before.
  'POST /v1/record-copies': '"none"',
};

/** The tag that a record is shown with. */
async function tagOf({ url, line, own }: Shown, { token = '' }: Success): Promise<string> {
  const answer = await stage.control.ask('GET', url, {
    token: own ? token : await stage.control.signIn('admin'),
  });
  if (!line) return etag(answer);
  const lines = Object.values(answer.json).find(Array.isArray) as readonly Record<string, unknown>[];
  const found = lines.find((each) => String(each[line.key]) === line.is);
  return String(found?.['etag']);
}

describe('R25: every route that changes a record', () => {
  let at: string;
  beforeEach(() => {
    at = stage.control.clock.now();
  });
  // Sessions end while some wait for a day.
  afterEach(() => stage.backTo(at));

  it.each(routes)('$method $path: is refused at a revision that is past', async ({ method, path }) => {
    const success = (await SUCCESSES[`${method} ${path}`]?.(stage)) ?? { url: '' };
    const past = { 'if-match': '"99999"' };
    const before = await readWhole(stage.control.adapters.store);
    const answer = await stage.control.ask(method, success.url, {
      ...success,
      headers: { ...success.headers, ...past },
    });
    expect(answer.json).toMatchObject({ status: 412, code: 'precondition-failed' });
    const added = (await readWhole(stage.control.adapters.store)).slice(before.length);
    // Whoever proved who they are has done so, whatever became of the rest.
    expect(added.filter(({ envelope }) => envelope.reason.code !== 'reauthentication')).toEqual([]);
  });

  // Done once for each site, and long since on this one.
  const again = routes.filter(({ path }) => path !== '/v1/commissioning/close');
  it.each(again)('$method $path: is shown with the tag that the command takes', async ({ method, path }) => {
    const route = `${method} ${path}`;
    const success = (await SUCCESSES[route]?.(stage)) ?? { url: '' };
    await stage.projector.catchUp();
    const shown = SHOWN.find(([fits]) => fits.test(route))?.[1];
    const tag = shown ? await tagOf(shown(success), success) : (OTHERWISE[route] ?? 'missing');
    const answer = await stage.control.ask(method, success.url, {
      ...success,
      headers: { ...success.headers, 'if-match': tag },
    });
    expect({ tag, ...(answer.status < 300 ? {} : answer.json) }).toEqual({ tag });
  });
});
