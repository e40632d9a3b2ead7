import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyedSeals } from '#platform/sealed/keyed-seals';
import { ControlUnderTest, type Answer } from '#test/support/control-under-test';
import { textOfDatabase } from '#test/support/text-of-database';
import { withClient } from '#platform/database/with-client';

const reason = { code: 'capacity', text: 'the forward proxy asks who we are from now on' };
const key = 'forward-proxy-credentials';
const PROXY = { key: 'forward-proxy', value: 'http://proxy.example:3128' };
/** In every secret of this spec. */
const MARK = 'hunter2';

let control: ControlUnderTest;
let admin: string;
let operator: string;
const answers: string[] = [];

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  operator = await control.signIn('olga');
});
afterAll(() => control.stop());

async function ask(...asked: Parameters<ControlUnderTest['ask']>): Promise<Answer> {
  const answer = await control.ask(...asked);
  answers.push(answer.text);
  return answer;
}

const change = (changes: readonly object[], token = operator) =>
  ask('POST', '/v1/settings', { token, body: { changes, reason } });
const setTo = (value: string | null) => change([{ key, value }, PROXY]);
/** Not among the answers that may hold no secret. */
const reveal = (token = operator, keys: readonly string[] = [key]) =>
  control.ask('POST', '/v1/settings/reveal', { token, body: { keys, reason } });
const recorded = () => control.history('settings');
const digestOf = (value: string) => new KeyedSeals(control.database.siteKey, 'setting').digestOf(key, value);
const rows = async () =>
  withClient(control.database.ownerUrl, async (client) => {
    const select = 'select digest from site.sealed_setting order by sealed_at';
    return (await client.query<{ digest: string }>(select)).rows.map(({ digest }) => digest);
  });
const asOwner = (statement: string) =>
  withClient(control.database.ownerUrl, (client) => client.query(statement));

describe('a secret setting', () => {
  it('is set, on record by its digests alone, and shown as set', async () => {
    const before = (await recorded()).length;
    const first = digestOf(`me:${MARK}`);
    const answer = await setTo(`me:${MARK}`);
    expect(answer.json['settings']).toMatchObject([
      { key: 'forward-proxy', value: PROXY.value },
      { key, value: null, secret: true, digest: first.hmacSha256 },
    ]);
    await setTo(`me:${MARK} new`);
    expect((await recorded()).slice(before)).toMatchObject([
      { type: 'SettingChanged', v: 3, part: [1, 2], data: { key: 'forward-proxy', new: PROXY.value } },
      { type: 'SettingChanged', part: [2, 2], reason, data: { key, old: null, new: first } },
      { type: 'SettingChanged', data: { key, old: first, new: digestOf(`me:${MARK} new`) } },
    ]);
    const { json } = await ask('GET', '/v1/settings', { token: operator });
    expect(json['settings']).toContainEqual({
      key,
      value: null,
      secret: true,
      digest: digestOf(`me:${MARK} new`).hmacSha256,
      fallback: null,
      variable: 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE',
      readBy: ['control', 'worker', 'proxy'],
      running: null,
      takesTwo: false,
      requested: null,
      waiting: false,
    });
  });

  it('is revealed to an operator, after that is on record', async () => {
    const before = (await recorded()).length;
    expect(await reveal()).toMatchObject({
      status: 200,
      json: { secrets: [{ key, value: `me:${MARK} new` }], cursor: expect.any(String) as string },
      headers: { 'cache-control': 'no-store' },
    });
    expect((await recorded()).slice(before)).toMatchObject([
      {
        type: 'SecretRevealed',
        v: 1,
        reason,
        actor: { kind: 'person', name: 'olga of the team' },
        data: { key, digest: digestOf(`me:${MARK} new`) },
      },
    ]);
  });

  it('is shown to nobody when it cannot be on record', async () => {
    await asOwner('update events.head set closed = true');
    const refused = await reveal();
    await asOwner('update events.head set closed = false');
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.text).not.toContain(MARK);
    expect((await reveal()).status).toBe(200);
  });

  it('is no one’s to see but an operator’s, and no setting that everybody sees', async () => {
    await control.enrol(admin, 'arno', ['author', 'auditor']);
    const arno = await control.signIn('arno');
    const before = (await recorded()).length;
    expect((await reveal(arno)).json).toMatchObject({ code: 'operator-required' });
    expect((await reveal(operator, ['cache-size'])).json).toMatchObject({
      code: 'not-a-secret',
      status: 400,
    });
    expect((await reveal(operator, ['home'])).json).toMatchObject({ code: 'no-such-setting', status: 404 });
    expect((await reveal(operator, [])).json).toMatchObject({ code: 'invalid-request' });
    const sealed = await rows();
    expect((await change([{ key, value: `arno:${MARK}` }], arno)).json).toMatchObject({
      code: 'operator-required',
    });
    expect(await rows()).toEqual(sealed);
    expect(await recorded()).toHaveLength(before);
  });

  it.each([
    ['wrong-setting', { key, value: MARK }],
    ['wrong-setting', { key, value: `me:${MARK}\nother` }],
    ['wrong-setting', { key: 'forward-proxy', value: `http://me:${MARK}@proxy.example` }],
    ['wrong-setting', { key: 'forward-proxy', value: `me:${MARK}@proxy.example` }],
    ['wrong-setting', { key: 'proxy.https.proxy', value: `me:${MARK}@proxy.example` }],
    ['wrong-setting', { key: 'proxy.https.proxy', value: `http://me:${MARK}%zz@proxy.example` }],
    ['wrong-setting', { key: 'proxy-url', value: `https://me:${MARK}@snaps.example` }],
    ['wrong-setting', { key: 'control-url', value: `https://${MARK}@control.example` }],
    ['invalid-request', { key, value: `me:${MARK}${'x'.repeat(4_000)}` }],
    ['invalid-request', { key, value: [`me:${MARK}`] }],
    ['not-text', { key, value: `me:${MARK}\0` }],
  ])('is refused without being repeated: %s', async (code, wrong) => {
    const before = (await recorded()).length;
    expect((await change([wrong])).json).toMatchObject({ code });
    expect(await recorded()).toHaveLength(before);
  });

  it.each(['proxy-url', 'control-url'])('is named to whoever puts a password into %s', async (url) => {
    const { json } = await change([{ key: url, value: `https://me:${MARK}@snaps.example` }]);
    expect(json['detail']).toContain(key);
  });

  it('is not repeated when the request is no JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = `{"changes":[{"key":"${key}","value":"me:${MARK}"`;
    expect((await ask('POST', '/v1/settings', { token: operator, headers, body })).status).toBe(400);
  });

  it('comes with the address from the Snap Store Proxy’s key, and goes with it', async () => {
    const before = (await recorded()).length;
    const old = 'proxy.https.proxy';
    const answer = await change([{ key: old, value: `http://you:${MARK}%40@other.example:8080` }]);
    expect(answer.json['settings']).toMatchObject([
      { key: 'forward-proxy', value: 'http://other.example:8080' },
      { key, secret: true },
    ]);
    expect((await reveal()).json['secrets']).toEqual([{ key, value: `you:${MARK}@` }]);
    await change([{ key: old, value: null }]);
    expect((await recorded()).slice(before)).toMatchObject([
      { part: [1, 2], data: { key: 'forward-proxy', new: 'http://other.example:8080' } },
      { part: [2, 2], data: { key, new: digestOf(`you:${MARK}@`) } },
      { type: 'SecretRevealed' },
      { part: [1, 2], data: { key: 'forward-proxy', new: null } },
      { part: [2, 2], data: { key, new: null } },
    ]);
    expect((await reveal()).json).toMatchObject({ code: 'secret-not-set', status: 404 });
  });

  it('leaves rows of refused changes behind, which do no harm and are swept after the next one', async () => {
    await setTo(`me:${MARK} a`);
    const refused = await change([
      { key, value: `me:${MARK} refused` },
      { key: 'cache-size', value: 'large' },
    ]);
    expect(refused.json).toMatchObject({ code: 'wrong-setting' });
    expect(await rows()).toContain(digestOf(`me:${MARK} refused`).hmacSha256);
    expect((await reveal()).json['secrets']).toEqual([{ key, value: `me:${MARK} a` }]);
    await asOwner(`update site.sealed_setting set sealed_at = '2026-11-24T06:59:59Z'`);
    await setTo(`me:${MARK} b`);
    // The one before stays until the next change: a backup may just have read the history that names it.
    expect(await rows()).toEqual([digestOf(`me:${MARK} a`).hmacSha256, digestOf(`me:${MARK} b`).hmacSha256]);
  });

  it('is said to be lost when its row was removed or altered, and is mended when it is set again', async () => {
    const damage = [
      `update site.sealed_setting set sealed = set_byte(sealed, 14, get_byte(sealed, 14) # 1)`,
      'delete from site.sealed_setting',
    ];
    for (const statement of damage) {
      await asOwner(statement);
      const before = (await recorded()).length;
      expect((await reveal()).json).toMatchObject({ code: 'secret-lost', status: 500 });
      expect((await setTo(`me:${MARK} b`)).json).toMatchObject({ cursor: null });
      expect(await recorded()).toHaveLength(before);
      expect((await reveal()).json['secrets']).toEqual([{ key, value: `me:${MARK} b` }]);
    }
  });

  it('is in no event, no log, no answer and no table', async () => {
    await ask('GET', '/v1/settings', { token: operator });
    const events = (await recorded()).map((event) => JSON.stringify(event)).join();
    const texts = [
      events,
      control.log.join(),
      answers.join(),
      await textOfDatabase(control.database.ownerUrl),
    ];
    for (const text of texts) {
      expect(text).not.toBe('');
      for (const form of [MARK, Buffer.from(MARK).toString('hex')]) expect(text).not.toContain(form);
    }
    // The search itself finds what is there.
    expect(texts.at(-1)).toContain(digestOf(`me:${MARK} b`).hmacSha256);
    expect(texts.at(-1)).toContain(Buffer.from(reason.text).toString('hex'));
  });
});
