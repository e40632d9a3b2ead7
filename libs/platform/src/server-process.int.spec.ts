import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeProcess, type NodeProcess } from '#test/support/node-process';

/** A server whose close waits for SIGUSR2, or for ever. */
const SERVER = `
  import 'reflect-metadata';
  import { runServer } from '#platform/server-process';
  import { LogLevel } from '#platform/settings-of-servers';
  class Settings { logLevel = 'info'; healthHost = '127.0.0.1'; healthPort = 0; }
  LogLevel()(Settings.prototype, 'logLevel');
  setInterval(() => undefined, 1000);
  await runServer('example', Settings, async () => ({
    close: () => new Promise((resolve) => process.once('SIGUSR2', resolve)),
  }));
`;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly url?: string;
  readonly why?: string;
}

let server: NodeProcess;
let lines: Line[];
let ended: Promise<unknown[]>;

afterEach(() => server.kill('SIGKILL'));

/** Until the server has said it. */
function said(msg: string): Promise<Line> {
  return vi.waitUntil(() => lines.find((line) => line.msg === msg), { timeout: 30_000, interval: 10 });
}

/** @returns the address of its health */
async function start(): Promise<string> {
  server = nodeProcess(SERVER);
  lines = [];
  ended = once(server, 'exit');
  createInterface({ input: server.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  await said('ready');
  return (await said('health and metrics are served')).url ?? '';
}

describe('a server that is told to stop', () => {
  it('is not ready any more at once, finishes, and ends with 0', async () => {
    const health = await start();
    expect((await fetch(`${health}/readyz`)).status).toBe(200);
    server.kill('SIGTERM');
    await said('stopping');
    const asked = await fetch(`${health}/readyz`);
    expect(asked.status).toBe(503);
    expect(await asked.json()).toMatchObject({ ready: false, waitsFor: ['stopping'] });
    expect((await fetch(`${health}/livez`)).status).toBe(200);
    server.kill('SIGUSR2');
    expect(await ended).toEqual([0, null]);
    expect(lines.at(-1)?.msg).toBe('stopped');
  });

  it.each([
    ['a second time', () => server.kill('SIGTERM'), 'told again: SIGTERM'],
    ['and does not come to an end', () => true, 'it took longer than 12 s'],
  ])('%s is cut short, says so, and ends with 1', async (_, then, why) => {
    await start();
    server.kill('SIGTERM');
    await said('stopping');
    then();
    expect(await ended).toEqual([1, null]);
    expect(lines.at(-1)).toMatchObject({ level: 'error', why });
    expect(lines.at(-1)?.msg).toMatch(/^the stop was cut short/);
  });
});
