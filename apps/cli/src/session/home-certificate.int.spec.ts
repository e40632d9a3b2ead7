import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { keyText, readPair, type TlsPair } from '#platform/tls/tls-pair';
import { secureOptions } from '#platform/tls/secure-options';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { selfSigned } from '#platform/tls/writing/self-signed';
import { TestCli } from '../testing/test-cli.js';

const HOST = 'control.site.example';
const root = TestAuthority.root();
const middle = root.authority('Middle');

function issued(): TlsPair {
  const { pem, key } = middle.server([HOST]);
  return readPair(pem + middle.pem + root.pem + keyText(key));
}

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
});

/** A control that serves HTTPS here, and says so in run.json. */
async function control(pair: TlsPair): Promise<string> {
  const server = createServer(secureOptions(pair), (_request, response) => {
    response.writeHead(401, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({ code: 'not-signed-in', title: 'Sign in first', detail: 'no session', status: 401 }),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const home = cli.env['HOLDFAST_HOME'] ?? '';
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'run.json'), JSON.stringify({ control: url }));
  return url;
}

/** As import-certificate leaves it. */
async function inHome({ chain, root: end }: TlsPair): Promise<void> {
  const text = [...chain, ...(end ? [end] : [])].map(String).join('');
  await writeFile(join(cli.env['HOLDFAST_HOME'] ?? '', 'certificate.crt'), text);
}

it.each([
  ['of an authority', issued()],
  ['that signs itself', selfSigned([HOST], 30, Date.now())],
])(
  "speaks with the home's own control by its certificate %s, whatever its address is",
  async (_what, pair) => {
    await control(pair);
    await inHome(pair);
    const { exitCode, stderr } = await cli.run(['status']);
    expect(stderr).toContain('no session');
    expect(exitCode).toBe(4);
  },
);

it.each([
  ['another one that signs itself', selfSigned([HOST], 30, Date.now())],
  ['another one of the same authority', issued()],
])('speaks with nobody who shows %s', async (_what, shown) => {
  const url = await control(shown);
  await inHome(issued());
  const { exitCode, stderr } = await cli.run(['status']);
  expect(stderr).toContain(`${url} does not answer: `);
  expect(exitCode).toBe(7);
});

it('trusts the home nowhere else', async () => {
  const pair = issued();
  cli.env['HOLDFAST_URL'] = (await control(pair)).replace('127.0.0.1', 'localhost');
  await inHome(pair);
  expect((await cli.run(['status'])).exitCode).toBe(7);
});
