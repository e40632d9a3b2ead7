import { isIP } from 'node:net';
import { ConfigError } from '#platform/config';
import { TlsError } from '#platform/tls/errors';
import type { HostConfig } from '../config.js';

type Addresses = Pick<HostConfig, 'proxyUrl' | 'controlUrl'>;

/**
 * The names and IP addresses that devices and people reach the site by, without brackets.
 * @param more given on the command line
 * @throws ConfigError for an address that says http: it would go on saying so; TlsError `no-name` when none is known, or one is none
 */
export function reachedAs({ proxyUrl, controlUrl }: Addresses, more: readonly string[]): string[] {
  const urls = [
    ['HOLDFAST_PROXY_URL', proxyUrl],
    ['HOLDFAST_CONTROL_URL', controlUrl],
  ] as const;
  const hosts = new Set<string>();
  for (const [variable, url] of urls) {
    if (url === undefined) continue;
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:')
      throw new ConfigError([
        `${variable} is ${JSON.stringify(url)}: with a certificate it must begin with https://. Set it so first; the servers read it when they start.`,
      ]);
    hosts.add(withoutBrackets(hostname));
  }
  for (const name of more) {
    const host = withoutBrackets(name.toLowerCase());
    if (!isHost(host))
      throw new TlsError('no-name', `--name ${JSON.stringify(name)} is no host name and no IP address`);
    hosts.add(host);
  }
  if (hosts.size === 0)
    throw new TlsError(
      'no-name',
      'how devices reach the site is not known, so the names cannot be checked: set HOLDFAST_PROXY_URL, or give --name',
    );
  return [...hosts];
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function isHost(host: string): boolean {
  // `%` ends an address with a zone of this machine, which no certificate can be for.
  if (isIP(host) !== 0) return !host.includes('%');
  return host.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/.test(host);
}
