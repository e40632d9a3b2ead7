import { once } from 'node:events';
import { createServer } from 'node:net';
import { sentenceOf } from '#kernel';
import { readRunFile, type ObservedServer } from '../../run-file.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';
import type { Settings } from './settings.js';

const ANSWER_MS = 5_000;
const START = 'look at the log of "holdfast up" (journalctl -u holdfast), and start it again';

/** Ports are free while the site is down; each server is ready while it is up. */
export async function checkServers({ home, held }: Patient, settings: Settings): Promise<Finding[]> {
  const urls = await readRunFile(home.runFile());
  if (held) {
    if (urls === undefined) {
      const todo = 'wait until it is up, or until the command that holds the home has ended';
      return [warn('site', 'another process works on the home, and no servers run yet', todo)];
    }
    return Promise.all(Object.entries(urls.health).map(([server, url]) => checkReadiness(server, url)));
  }
  const findings = await checkPorts(settings);
  if (urls === undefined) return [ok('site', 'it is not running'), ...findings];
  return [
    warn('site', 'it is not running, and did not end in order: run.json is still there', START),
    ...findings,
  ];
}

async function checkReadiness(server: string, url: string): Promise<Finding> {
  const check = `server: ${server}`;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (response.ok) return ok(check, 'it is ready');
    const { waitsFor } = (await response.json()) as { waitsFor?: readonly string[] };
    const says = `it is not ready: it waits for ${waitsFor?.join(', ') ?? 'something that it does not name'}`;
    return fail(check, says, `ask ${url}/readyz for the reason; docs/how-to/operate.md answers each`);
  } catch (error) {
    return fail(check, `it does not answer at ${url}: ${sentenceOf(error)}`, START);
  }
}

/** The setting of the port without `_PORT`, and that of the host when it has another beginning. */
const LISTENS: readonly (readonly [server: ObservedServer, prefix: string, host?: string])[] = [
  ['control', 'HOLDFAST_CONTROL'],
  ['proxy', 'HOLDFAST_PROXY'],
  ['control', 'HOLDFAST_CONTROL_REDIRECT', 'HOLDFAST_CONTROL'],
  ['proxy', 'HOLDFAST_PROXY_REDIRECT', 'HOLDFAST_PROXY'],
  ['control', 'HOLDFAST_CONTROL_HEALTH'],
  ['worker', 'HOLDFAST_WORKER_HEALTH'],
  ['projector', 'HOLDFAST_PROJECTOR_HEALTH'],
  ['proxy', 'HOLDFAST_PROXY_HEALTH'],
];

async function checkPorts(settings: Settings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [server, prefix, hostPrefix = prefix] of LISTENS) {
    const [host, port] = [settings[server]?.[`${hostPrefix}_HOST`], settings[server]?.[`${prefix}_PORT`]];
    // Settings that are wrong have a finding of their own.
    if (typeof host !== 'string' || typeof port !== 'number') continue;
    findings.push(await checkPort(`port: ${prefix}_PORT`, host, port, prefix));
  }
  return findings;
}

async function checkPort(check: string, host: string, port: number, prefix: string): Promise<Finding> {
  if (port === 0) return ok(check, 'any free one is taken');
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    return ok(check, `${host}:${port} is free`);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const says = taken
      ? `${host}:${port} is taken by another program`
      : `${host}:${port}: ${sentenceOf(error)}`;
    return fail(check, says, `end that program, or set ${prefix}_PORT or ${prefix}_HOST`);
  }
}
