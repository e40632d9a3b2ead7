import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { certificateOf } from '#platform/tls/testing/certificate-of';
import type { TestSite } from './site.js';

const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');

export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** `holdfast` as a person runs it where the site is. @param input for its standard input @param settings more of them */
export async function holdfastAt(
  site: TestSite,
  argv: readonly string[],
  input = '',
  settings: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const own = { PATH: process.env['PATH'], HOLDFAST_HOME: site.home, DATABASE_URL: site.ownerUrl };
  const env = { ...own, ...settings };
  const child = spawn(process.execPath, [CLI, ...argv], { env, stdio: 'pipe' });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, output: stdout + stderr };
}

/** `holdfast import-certificate` for localhost. @returns what it prints @throws Error when it refuses */
export async function importCertificate(
  site: TestSite,
  argv: readonly string[],
  input = '',
): Promise<string> {
  const why = ['--name', 'localhost', '--reason', 'devices come by HTTPS'];
  const { code, output } = await holdfastAt(site, ['import-certificate', ...argv, ...why], input);
  if (code !== 0) throw new Error(`exit code ${code}: ${output}`);
  return output;
}

/** Ends a server, whose supervisor starts it again, and waits until it serves HTTPS. @returns its address by the name that its certificate has */
export async function restartForHttps(site: TestSite, server: 'control' | 'proxy'): Promise<string> {
  const url = `https://localhost:${new URL(site.urls[server]).port}`;
  await site.kill(server);
  const up = () => certificateOf(url).catch(() => undefined);
  await vi.waitUntil(up, { timeout: 60_000, interval: 50 });
  return url;
}
