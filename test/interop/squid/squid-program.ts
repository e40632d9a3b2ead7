import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { addressOf, inZone } from './namespaces.js';

const run = promisify(execFile);

export interface Squid {
  /** Whom it let through where, a line for each connection. */
  log(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A site's squid: it lets one user through to these hosts, by TLS only, and resolves their names by itself. @param hosts each with its address */
export async function startSquid(
  folder: string,
  hosts: ReadonlyMap<string, string>,
  credentials: string,
): Promise<Squid> {
  await mkdir(folder, { recursive: true });
  // It gives up being root.
  await chmod(folder, 0o777);
  const at = (name: string): string => join(folder, name);
  const [user = '', password = ''] = credentials.split(':');
  const { stdout: digest } = await run('openssl', ['passwd', '-apr1', password]);
  await writeFile(at('users'), `${user}:${digest}`);
  await writeFile(at('hosts'), [...hosts].map(([host, address]) => `${address} ${host}\n`).join(''));
  await writeFile(
    at('squid.conf'),
    `http_port ${addressOf('edge')}:3128
hosts_file ${at('hosts')}
visible_hostname edge
dns_nameservers 127.0.0.1
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${at('users')}
acl known proxy_auth REQUIRED
acl listed dstdomain ${[...hosts.keys()].join(' ')}
acl tls port 443
acl tunnel method CONNECT
http_access allow known tunnel tls listed
http_access deny all
cache deny all
logformat who %>a %un %rm %ru %>Hs
access_log stdio:${at('access.log')} logformat=who
cache_log ${at('cache.log')}
pid_filename ${at('squid.pid')}
coredump_dir ${folder}
shutdown_lifetime 0 seconds
`,
  );
  const [program, ...words] = inZone('edge');
  const squid = spawn(program, [...words, 'squid', '-N', '-f', at('squid.conf')], { stdio: 'ignore' });
  const log = async (): Promise<readonly string[]> => {
    const text = await readFile(at('access.log'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  await vi.waitUntil(
    async () => (await readFile(at('cache.log'), 'utf8').catch(() => '')).includes('Accepting HTTP'),
    { timeout: 30_000, interval: 50 },
  );
  return {
    log,
    stop: async () => {
      squid.kill('SIGTERM');
      if (squid.exitCode === null && squid.signalCode === null) await once(squid, 'exit');
    },
  };
}
