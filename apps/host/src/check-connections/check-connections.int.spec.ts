import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixtureServer, goneServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { forwardProxy, type TestForwardProxy } from '#upstream/testing/forward-proxy';
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
    '3 of 4 connections cannot be made: docs/reference/network.md names what must be open',
  ]);
  expect(exitCode).toBe(1);
});
