import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { settings, SETTINGS_STREAM } from '#site/domain/settings/settings';
import { byPerson } from '#test/support/decider-specification';
import { ControlUnderTest } from '#test/support/control-under-test';

const reason = { code: 'capacity', text: 'the new disk of the proxy is in place' };

let control: ControlUnderTest;
let admin: string;
let operator: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-settings-'));
  control = await ControlUnderTest.start({ settingsFile: path.join(folder, 'settings.json') });
  admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  operator = await control.signIn('olga');
});
afterAll(async () => {
  await control.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Row {
  readonly key: string;
  readonly [member: string]: unknown;
}

async function shown(key: string): Promise<Row | undefined> {
  const { json } = await control.ask('GET', '/v1/settings', { token: operator });
  return (json['settings'] as readonly Row[]).find((row) => row.key === key);
}

const recorded = () => control.history('settings');
const change = (changes: readonly object[], token = operator) =>
  control.ask('POST', '/v1/settings', { token, body: { changes, reason } });

describe('the settings of a site', () => {
  it('are set by the names that the Snap Store Proxy has, and shown by them', async () => {
    const changes = [
      { key: 'proxy.cache.size', value: '4096' },
      { key: 'internal.store.url', value: 'https://snaps.example' },
    ];
    expect((await change(changes)).json['settings']).toMatchObject([
      { key: 'cache-size', value: '4096' },
      { key: 'proxy-url', value: 'https://snaps.example' },
    ]);
    const { json } = await control.ask('GET', '/v1/settings', { token: operator });
    expect(json['incumbentKeys']).toContainEqual({
      key: 'proxy.domain',
      setting: 'proxy-url',
      value: 'snaps.example',
    });
    expect(json['incumbentKeys']).toContainEqual({
      key: 'proxy.cache.size',
      setting: 'cache-size',
      value: '4096',
    });
    expect(json['leftBehind']).toContainEqual({
      prefix: 'proxy.db.',
      why: expect.stringContaining('DATABASE_URL') as string,
    });
    const refused = await change([{ key: 'proxy.db.connection', value: 'postgresql://me:hunter2@db/x' }]);
    expect(refused.json).toMatchObject({ status: 404, code: 'no-such-setting' });
    expect(refused.text).not.toContain('hunter2');
    expect(control.log.join()).not.toContain('hunter2');
    await change(changes.map(({ key }) => ({ key, value: null })));
  });

  it('are its defaults at first', async () => {
    expect(await shown('cache-size')).toEqual({
      key: 'cache-size',
      value: null,
      secret: false,
      digest: null,
      fallback: '8G',
      variable: 'HOLDFAST_CACHE_SIZE',
      readBy: ['proxy'],
      running: null,
      takesTwo: false,
      requested: null,
      waiting: false,
    });
  });

  it('are changed together, in one append with who and why', async () => {
    const before = (await recorded()).length;
    const answer = await change([
      { key: 'cache-size', value: '16G' },
      { key: 'zone', value: 'Europe/Zurich' },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.json['settings']).toMatchObject([
      { key: 'cache-size', value: '16G' },
      { key: 'zone', value: 'Europe/Zurich' },
    ]);
    expect((await recorded()).slice(before)).toMatchObject([
      {
        type: 'SettingChanged',
        stream: 'settings',
        part: [1, 2],
        reason,
        actor: { kind: 'person', name: 'olga of the team' },
        data: { key: 'cache-size', old: null, new: '16G' },
      },
      { type: 'SettingChanged', part: [2, 2], data: { key: 'zone', old: null, new: 'Europe/Zurich' } },
    ]);
    expect(await change([{ key: 'zone', value: 'Europe/Zurich' }])).toMatchObject({
      status: 200,
      json: { cursor: null },
    });
  });

  it.each([
    ['no-such-setting', 404, { key: 'database-url', value: 'postgres://x' }],
    ['wrong-setting', 400, { key: 'cache-size', value: 'large' }],
    ['invalid-request', 400, { key: 'cache-size', value: 16 }],
    ['invalid-request', 400, { key: 'cache-size' }],
    ['not-text', 400, { key: 'zone', value: 'a\0' }],
  ])('are left as they are: %s', async (code, status, wrong) => {
    const before = (await recorded()).length;
    const answer = await change([{ key: 'log-level', value: 'debug' }, wrong]);
    expect(answer.json).toMatchObject({ status, code });
    expect(await recorded()).toHaveLength(before);
  });

  it('that an earlier release took, and no server takes now, are put right, all that are wrong at once', async () => {
    const store = new PostgresEventStore(control.database.ownerUrl);
    await new StreamWriter(store, 'Etc/UTC').decideAndAppend(settings, SETTINGS_STREAM, {
      type: 'ChangeSettings',
      context: byPerson('olga', ['operator'], { auth: 'commissioning' }),
      changes: ['proxy-url', 'control-url'].map((key) => ({
        key,
        value: 'https://me:hunter2@snaps.example',
      })),
      refused: () => [],
    });
    await store.close();
    const right = { key: 'proxy-url', value: 'https://snaps.example' };
    const half = await change([right]);
    expect(half.json).toMatchObject({ code: 'wrong-setting' });
    expect(half.json['detail']).toMatch(/^nothing was changed: control-url is "https:\/\/…@snaps\.example":/);
    expect((await change([right, { key: 'control-url', value: null }])).status).toBe(200);
    expect(await shown('proxy-url')).toMatchObject({ value: right.value });
    expect((await change([{ key: 'proxy-url', value: null }])).status).toBe(200);
  });

  it('are an operator’s to change, and anybody’s to read who is signed in', async () => {
    await control.enrol(admin, 'arno', ['author']);
    const author = await control.signIn('arno');
    expect((await change([{ key: 'zone', value: null }], author)).json).toMatchObject({
      code: 'operator-required',
    });
    expect((await control.ask('GET', '/v1/settings', { token: author })).status).toBe(200);
    expect((await control.ask('GET', '/v1/settings')).status).toBe(401);
    const without = { token: operator, body: { changes: [{ key: 'zone', value: null }] } };
    expect((await control.ask('POST', '/v1/settings', without)).json).toMatchObject({
      code: 'reason-required',
    });
  });

  it('say what the servers were started with, and what wins', async () => {
    const running = {
      startedAt: '2026-11-26T10:00:00.000Z',
      stored: { 'cache-size': '8G' },
      environment: { 'log-level': 'warn' },
    };
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify(running));
    expect(await shown('cache-size')).toMatchObject({
      value: '16G',
      running: { value: '8G', from: 'site' },
      waiting: true,
    });
    expect(await shown('log-level')).toMatchObject({
      running: { value: 'warn', from: 'environment' },
      waiting: false,
    });
    expect(await shown('proxy-url')).toMatchObject({
      running: { value: null, from: 'default' },
      waiting: false,
    });
    await writeFile(path.join(folder, 'settings.json'), '{"stored":');
    const answer = await control.ask('GET', '/v1/settings', { token: operator });
    expect(answer.json).toMatchObject({ status: 500, code: 'settings-file-damaged' });
    await rm(path.join(folder, 'settings.json'));
  });
});
