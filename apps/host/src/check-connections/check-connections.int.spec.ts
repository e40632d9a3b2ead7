import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { sinks, SINKS_STREAM } from '#notifications/domain/sinks/sinks';
import type { Target } from '#notifications/domain/sinks/target';
import { StreamWriter } from '#platform/decide-and-append';
import { fixtureServer, goneServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { forwardProxy, type TestForwardProxy } from '#upstream/testing/forward-proxy';
import { byPerson } from '#test/support/decider-specification';
import { TestIdentityProvider } from '#test/support/identity-provider';
import { testDatabase } from '#test/support/test-database';
import { hostProgram } from '../program.js';

let upstream: FixtureServer;
let failing: FixtureServer;
let between: TestForwardProxy;
beforeEach(async () => {
  upstream = await fixtureServer((_, response) => response.end());
  failing = await fixtureServer((_, response) => response.writeHead(503).end());
  between = await forwardProxy();
});
afterEach(async () => {
  process.exitCode = undefined;
  for (const each of [upstream, failing, between]) await each[Symbol.asyncDispose]();
});

async function checked(env: Record<string, string>): Promise<{ lines: string[]; exitCode: unknown }> {
  const lines: string[] = [];
  const program = await hostProgram('check-connections', env, (line) => lines.push(line));
  await program.parseAsync(['check-connections'], { from: 'user' });
  return { lines, exitCode: process.exitCode };
}

it('says a line for each, once, and that all is well', async () => {
  const database = await testDatabase();
  const env = {
    DATABASE_URL: database.ownerUrl,
    HOLDFAST_UPSTREAM_URL: `${upstream.url}/prefix/`,
    HOLDFAST_UPSTREAM_ORIGINS: `${failing.url}, ${upstream.url}`,
    HOLDFAST_DEVICE_SERVICES: `${upstream.url}/v1`,
  };
  expect(await checked(env)).toEqual({
    lines: [
      `http: ${upstream.url}: OK`,
      `http: ${failing.url}: OK (it answers with status 503)`,
      `postgres: ${new URL(database.ownerUrl).hostname}: OK`,
      'All connections appear to be accessible',
    ],
    exitCode: undefined,
  });
});

it('goes the way that the servers go', async () => {
  const env = {
    HOLDFAST_FORWARD_PROXY: between.url,
    HOLDFAST_UPSTREAM_URL: upstream.url.replace('127.0.0.1', 'store.example'),
    HOLDFAST_DEVICE_SERVICES: failing.url.replace('127.0.0.1', 'serials.example'),
    HOLDFAST_UPSTREAM_ORIGINS: failing.url,
    HOLDFAST_NO_PROXY: '127.0.0.1',
  };
  const { lines } = await checked(env);
  expect(lines).toContain(`proxy: ${between.url}: OK`);
  expect(lines).toContain(`http: ${env.HOLDFAST_UPSTREAM_URL}: OK`);
  expect(lines).toContain(
    `http: ${env.HOLDFAST_DEVICE_SERVICES}: OK (it, or the forward proxy, answers with status 503)`,
  );
  expect(between.asked).toContain(`HEAD ${env.HOLDFAST_UPSTREAM_URL}/`);
  expect(between.asked).not.toContain(`HEAD ${failing.url}/`);
});

it('says which cannot be made, and why', async () => {
  const gone = await goneServer();
  const env = {
    DATABASE_URL: `${gone.replace('http', 'postgres')}/holdfast`,
    HOLDFAST_FORWARD_PROXY: gone,
    HOLDFAST_UPSTREAM_URL: upstream.url,
    HOLDFAST_NO_PROXY: '127.0.0.1',
    HOLDFAST_DEVICE_SERVICES: 'http://serials.example',
  };
  const { lines, exitCode } = await checked(env);
  expect(lines).toEqual([
    expect.stringMatching(`^proxy: ${gone}: .*ECONNREFUSED`),
    `http: ${upstream.url}: OK`,
    expect.stringMatching(
      /^http: http:\/\/serials\.example: cannot reach .* through the forward proxy .*ECONNREFUSED/,
    ),
    expect.stringMatching(/^postgres: 127\.0\.0\.1: .*ECONNREFUSED/),
    expect.stringMatching(/^sinks: where they are is in the history, which cannot be read: .*ECONNREFUSED/),
    '4 of 5 connections cannot be made: docs/reference/network.md names what must be open',
  ]);
  expect(exitCode).toBe(1);
});

/** Servers on this machine that take mail and syslog. */
async function receivers(): Promise<{ readonly mail: string; readonly syslog: string; said(): number }> {
  let bytes = 0;
  const mail = new SMTPServer({ authOptional: true, hideSTARTTLS: true });
  await once(mail.listen(0, '127.0.0.1'), 'listening');
  const syslog = createServer((socket) => socket.on('data', (chunk: Buffer) => (bytes += chunk.length)));
  await once(syslog.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    syslog.close();
    await new Promise<void>((resolve) => mail.close(resolve));
  });
  const portOf = (address: unknown) => (address as AddressInfo).port;
  return {
    mail: `smtp://127.0.0.1:${portOf(mail.server.address())}`,
    syslog: `syslog+tcp://127.0.0.1:${portOf(syslog.address())}`,
    said: () => bytes,
  };
}

async function databaseWithSinks(targets: Readonly<Record<string, Target>>): Promise<string> {
  const { ownerUrl } = await testDatabase();
  const store = new PostgresEventStore(ownerUrl);
  const writer = new StreamWriter(store, 'Etc/UTC');
  for (const [name, target] of Object.entries(targets))
    await writer.decideAndAppend(sinks, SINKS_STREAM, {
      type: 'AddSink',
      name,
      target,
      filter: { about: [], types: [] },
      secret: null,
      giveUpAfterHours: 24,
      from: null,
      context: byPerson('olga', ['operator']),
    });
  await store.close();
  return ownerUrl;
}

it('reaches each sink of the history, and tells it nothing', async () => {
  const { mail, syslog, said } = await receivers();
  const gone = new URL(await goneServer());
  const to = { from: 'holdfast@site.example', roles: [], addresses: ['qa@site.example'] };
  const DATABASE_URL = await databaseWithSinks({
    room: { kind: 'webhook', url: `${upstream.url}/hook` },
    mail: { kind: 'mail', server: mail, ...to },
    siem: { kind: 'syslog', server: syslog },
    post: { kind: 'mail', server: `smtp://${gone.host}`, ...to },
    logs: { kind: 'syslog', server: `syslog+tcp://${gone.host}` },
  });
  const env = { DATABASE_URL, HOLDFAST_UPSTREAM_URL: upstream.url, HOLDFAST_DEVICE_SERVICES: upstream.url };
  const { lines, exitCode } = await checked(env);
  expect(lines.slice(2)).toEqual([
    `sink room: ${upstream.url}: OK`,
    `sink mail: ${mail}: OK`,
    `sink siem: ${syslog}: OK`,
    `sink post: smtp://${gone.host}: the mail server cannot be reached: ESOCKET`,
    `sink logs: syslog+tcp://${gone.host}: the syslog server cannot be reached: ECONNREFUSED`,
    expect.stringMatching('^2 of 7 connections cannot be made'),
  ]);
  expect(exitCode).toBe(1);
  expect([said(), upstream.requests.map(({ method }) => method)]).toEqual([0, ['HEAD', 'HEAD']]);
});

it('asks the identity provider what it says of itself, and for its keys', async () => {
  const provider = await TestIdentityProvider.start('https://holdfast.site.example/single-sign-on');
  onTestFinished(() => provider.stop());
  const env = { HOLDFAST_UPSTREAM_URL: upstream.url, HOLDFAST_DEVICE_SERVICES: upstream.url };
  const asked = async (issuer: string) => (await checked({ ...env, HOLDFAST_SSO_ISSUER: issuer })).lines[1];
  expect(await asked(provider.issuer)).toBe(`identity provider: ${provider.issuer}: OK`);
  expect(process.exitCode).toBeUndefined();
  expect(await asked(`${provider.issuer}/`)).toMatch(
    /^identity provider: .*: the identity provider cannot make sure of anybody: /,
  );
  expect(await asked(upstream.url)).toContain('cannot make sure of anybody');
  const gone = await goneServer();
  expect(await asked(gone)).toContain(`${gone} cannot be asked: connect ECONNREFUSED`);
  expect(process.exitCode).toBe(1);
});
