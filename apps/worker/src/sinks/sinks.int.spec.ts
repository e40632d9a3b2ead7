import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sinks, SINKS_STREAM } from '#notifications/domain/sinks/sinks';
import { sinksKey } from '#notifications/secrets/sinks-key';
import { createLogger } from '#platform/logging/logger';
import { site, SITE_STREAM } from '#site/domain/site';
import { ControlUnderTest } from '#test/support/control-under-test';
import { byPerson } from '#test/support/decider-specification';
import { noteSigner } from '#tlog';
import { runWorker } from '../testing/running-worker.js';

const reason = { code: 'operations', text: 'the operations room has a new display' };
const SOON = { timeout: 20_000 };

let control: ControlUnderTest;
let olga: string;
let folder: string;
const log: string[] = [];
const metrics = new Registry();
let stopWorker: () => Promise<void>;

/** Somebody else's server, which takes what it is told to. */
let status = 204;
const received: { readonly id: string; readonly signature: string; readonly body: string }[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { 'webhook-id': id, 'webhook-signature': signature } = request.headers;
    received.push({ id: String(id), signature: String(signature), body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end();
  });
});
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  await control.enrol(admin, 'ana', ['author']);
  olga = await control.signIn('olga');
  await control.adapters.streams.decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    identity: { origin: 'site.example/log', ledgerKey: 'l', policyKey: 'p' },
    context: byPerson('host', []),
  });
  folder = await mkdtemp(join(tmpdir(), 'holdfast-sinks-'));
  await writeFile(join(folder, 'ledger.vkey'), noteSigner('site.example/log', Buffer.alloc(32, 1)).vkey);
  await writeFile(join(folder, 'sinks.key'), sinksKey(control.database.siteKey).toString('hex'));
  await start();
});
afterAll(async () => {
  await stopWorker();
  await control.stop();
  receiver.closeAllConnections();
  receiver.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  ({ stop: stopWorker } = await runWorker({
    folder,
    databaseUrl: control.database.url('worker'),
    env: { HOLDFAST_SINKS_KEY_FILE: join(folder, 'sinks.key') },
    logger: createLogger('worker', 'info', { write: (line) => void log.push(line) }),
    metrics,
  }));
}

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, token = olga) =>
  control.ask(method, `/v1/sinks${path}`, { token, ...(body && { body: { ...body, reason } }) });
const webhook = { name: 'ops', kind: 'webhook', address: 'https://ops.example/' };
const listed = async () =>
  (await ask('GET', '')).json['sinks'] as { name: string; [more: string]: unknown }[];
const setZone = (zone: string) =>
  control.ask('POST', '/v1/settings', {
    token: olga,
    body: { changes: [{ key: 'zone', value: zone }], reason },
  });

describe('a sink', () => {
  it('is told by the worker as soon as it is added, signed with the secret that was shown', async () => {
    const added = await ask('POST', '', { ...webhook, address: url, types: ['SettingChanged'] });
    expect(added).toMatchObject({
      status: 201,
      json: { sink: { name: 'ops', kind: 'webhook', address: url } },
    });
    expect(String(added.json['secret'])).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await setZone('Europe/Zurich');
    await vi.waitFor(() => expect(received).toHaveLength(1), SOON);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      source: '/holdfast/site.example/log',
      type: 'holdfast.SettingChanged',
      data: { data: { key: 'zone', new: 'Europe/Zurich' } },
    });
    await vi.waitFor(
      async () => expect(await listed()).toMatchObject([{ deadLetters: 0, trying: null }]),
      SOON,
    );
    const secret = String(added.json['secret']);
    const history = JSON.stringify(await control.history(SINKS_STREAM));
    for (const place of [history, control.log.join(), log.join()]) expect(place).not.toContain(secret);
    const { text } = await ask('GET', '');
    expect(text).not.toContain(secret);
  });

  it('that takes nothing is seen: in the list, in the metrics and in the log', async () => {
    status = 503;
    await setZone('Asia/Kathmandu');
    await vi.waitFor(async () => {
      expect(await listed()).toMatchObject([{ trying: { why: 'it answers with status 503' } }]);
    }, SOON);
    expect(await metrics.metrics()).toMatch(
      /^holdfast_sink_tries_total\{sink="ops",outcome="failed"\} [1-9]/m,
    );
    expect(await metrics.metrics()).toMatch(/^holdfast_sink_failing_seconds\{sink="ops"\} [0-9.]+$/m);
    expect(log.join()).toContain('a sink does not take an event');
    status = 204;
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ trying: null }]), SOON);
    expect(await metrics.metrics()).toMatch(/^holdfast_sink_failing_seconds\{sink="ops"\} 0$/m);
  });

  it('gets another secret, and goes on with it', async () => {
    const changed = await ask('POST', '/ops', { newSecret: true });
    expect(String(changed.json['secret'])).toMatch(/^whsec_/);
    const before = received.length;
    await setZone('Etc/UTC');
    await vi.waitFor(() => expect(received).toHaveLength(before + 1), SOON);
    expect(await ask('POST', '/ops', { newSecret: false })).toMatchObject({
      json: { secret: null, cursor: null },
    });
  });

  it('is refused with a sentence when it cannot be meant so', async () => {
    const cases = [
      [{ ...webhook, name: 'plain', address: 'http://ops.example/' }, 400, 'wrong-sink'],
      [{ ...webhook, name: 'far', fromPosition: '999999' }, 404, 'no-such-position'],
      [{ ...webhook, name: 'never', giveUpAfterHours: null }, 400, 'invalid-request'],
      [{ ...webhook, name: 'roles', roles: null }, 400, 'invalid-request'],
      [{ ...webhook, name: 'typed', types: ['override set'] }, 400, 'wrong-sink'],
      [{ ...webhook, name: 'about', about: ['rumours'] }, 400, 'invalid-request'],
      [webhook, 409, 'sink-exists'],
    ] as const;
    for (const [body, httpStatus, code] of cases)
      expect((await ask('POST', '', body)).json).toMatchObject({ status: httpStatus, code });
    expect((await ask('POST', '/nobody/pause', {})).json).toMatchObject({
      status: 404,
      code: 'no-such-sink',
    });
    const ana = await control.signIn('ana');
    expect((await ask('POST', '', { ...webhook, name: 'hers' }, ana)).json).toMatchObject({
      code: 'operator-required',
    });
    const rows = await control.adapters.sinkPool.query(
      `select key from site.sealed_setting where key like 'sink:%'`,
    );
    expect(new Set(rows.rows.map(({ key }: { key: string }) => key))).toEqual(new Set(['sink:ops']));
  });

  it('may be mail to whoever has a role, where they said', async () => {
    const mails: { to: string; text: string }[] = [];
    const server = new SMTPServer({
      hideSTARTTLS: true,
      authOptional: true,
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          mails.push({
            to: envelope.rcptTo.map((each) => each.address).join(),
            text: String(Buffer.concat(chunks)),
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
    const ana = await control.signIn('ana');
    const address = { login: 'ana', address: 'ana@site.example', reason };
    expect((await control.ask('POST', '/v1/mail-addresses', { token: ana, body: address })).status).toBe(200);
    const { port } = server.server.address() as AddressInfo;
    const mail = {
      name: 'board',
      kind: 'mail',
      address: `smtp://127.0.0.1:${port}`,
      from: 'holdfast@site.example',
      roles: ['author'],
    };
    expect((await ask('POST', '', { ...mail, types: ['SettingChanged'] })).json).toMatchObject({
      secret: null,
    });
    await setZone('Europe/Oslo');
    await vi.waitFor(() => expect(mails).toMatchObject([{ to: 'ana@site.example' }]), SOON);
    expect(mails[0]?.text).toContain('Subject: [site.example/log] settings SettingChanged');
    const unknown = { ...address, login: 'nobody' };
    expect(
      (await control.ask('POST', '/v1/mail-addresses', { token: ana, body: unknown })).json,
    ).toMatchObject({
      code: 'unknown-person',
    });
    const secured = { ...mail, name: 'secured', credentials: 'holdfast:hunter2', types: ['NeverHappens'] };
    expect((await ask('POST', '', secured)).status).toBe(201);
    const moved = { address: 'smtps://elsewhere.example' };
    expect((await ask('POST', '/secured', moved)).json).toMatchObject({ code: 'wrong-sink' });
    const changed = async () => (await control.history(SINKS_STREAM)).at(-1)?.data;
    expect((await ask('POST', '/secured', { ...moved, noCredentials: true })).status).toBe(200);
    expect(await changed()).toMatchObject({
      old: { secret: { hmacSha256: expect.any(String) as string } },
      new: { secret: null },
    });
    for (const name of ['board', 'secured']) expect((await ask('DELETE', `/${name}`, {})).status).toBe(200);
  });

  it('shows in the status when it fails, and is gone when it is removed', async () => {
    await control.adapters.streams.decideAndAppend(sinks, SINKS_STREAM, {
      type: 'NoteFailing',
      name: 'ops',
      since: '2026-11-24T08:00:00.000Z',
      why: 'it answers with status 503',
      context: byPerson('olga', ['operator']),
    });
    const { json } = await control.ask('GET', '/v1/status', { token: olga });
    expect(json['failingSinks']).toEqual(['ops']);
    expect((await ask('POST', '/ops/pause', {})).status).toBe(200);
    const later = await control.ask('GET', '/v1/status', { token: olga });
    expect(later.json['pausedSinks']).toEqual(['ops']);
    expect((await ask('GET', '/ops/dead-letters')).json).toEqual({ deadLetters: [], next: null });
    expect((await ask('DELETE', '/ops', {})).status).toBe(200);
    expect(await listed()).toEqual([]);
  });
});
