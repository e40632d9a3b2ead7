import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const WITHDRAW = ['change', 'withdraw', 'CR-2026-0001', '--reason', 'it is not needed any more'];
const WITHDRAWN = { id: 'CR-2026-0001', status: 'withdrawn', cursor: '7' };

/** A server that answers the n-th request so, or breaks the connection; and the key that came with each. */
async function server(
  cli: TestCli,
  ...answers: (readonly [number, object] | 'breaks')[]
): Promise<unknown[]> {
  const keys: unknown[] = [];
  const made = createServer((request: IncomingMessage, response) => {
    const answer = answers[keys.push(request.headers['idempotency-key']) - 1] ?? 'breaks';
    if (answer === 'breaks') request.socket.destroy();
    else {
      response.writeHead(answer[0], { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer[1]));
    }
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(() => {
    made.close();
    made.closeAllConnections();
  });
  cli.env['HOLDFAST_URL'] = `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  return keys;
}

it('asks again with the same key when the connection breaks, and with another one the next time', async () => {
  const cli = new TestCli();
  const keys = await server(cli, 'breaks', 'breaks', [200, WITHDRAWN], [200, WITHDRAWN]);
  expect(await cli.run(WITHDRAW)).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await cli.run(WITHDRAW)).exitCode).toBe(0);
  expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(keys).toEqual([keys[0], keys[0], keys[0], keys[3]]);
  expect(keys[3]).not.toBe(keys[0]);
});

it('sends a file again, whole, with the same key', async () => {
  const cli = new TestCli();
  const file = join(cli.folder, 'report.txt');
  writeFileSync(file, 'all is well');
  const attached = { id: 'CR-2026-0001', status: 'drafted', cursor: '7', sha256: 'a'.repeat(64), size: 11 };
  const keys = await server(cli, 'breaks', [200, attached]);
  const attach = ['change', 'attach', 'CR-2026-0001', file, '--reason', 'the report of TP-88'];
  expect(await cli.run(attach)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(keys).toEqual([keys[0], keys[0]]);
});

it('asks again where the server itself does not know', async () => {
  const cli = new TestCli();
  const unknown = { title: 'Whether it was recorded is not known', detail: 'look', code: 'outcome-unknown' };
  const keys = await server(cli, [503, unknown], [200, WITHDRAWN]);
  expect((await cli.run(WITHDRAW)).exitCode).toBe(0);
  expect(keys).toEqual([keys[0], keys[0]]);
});

it('says that it is not known whether it was done, when the server stays away', async () => {
  const cli = new TestCli();
  const keys = await server(cli);
  const { exitCode, stderr } = await cli.run(WITHDRAW);
  expect(exitCode).toBe(7);
  expect(stderr).toContain('whether it was done is not known');
  expect(keys.length).toBeGreaterThan(3);
}, 30_000);

it('waits for no server that was not there at first, and sends no key when it only reads', async () => {
  const cli = new TestCli();
  const keys = await server(cli, [200, { people: [] }]);
  await cli.run(['people', 'list']);
  expect(keys).toEqual([undefined]);
  cli.env['HOLDFAST_URL'] = 'http://127.0.0.1:9';
  const { exitCode, stderr } = await cli.run(WITHDRAW);
  expect(exitCode).toBe(7);
  expect(stderr).toContain('does not answer');
});
