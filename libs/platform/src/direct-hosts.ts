import { BlockList, isIP } from 'node:net';

/** Hosts that are reached without the forward proxy. */
export type DirectHosts = (url: URL) => boolean;

interface Entry {
  readonly port: string | undefined;
  readonly has: (host: string) => boolean;
}

/**
 * A list as `no_proxy` has it elsewhere: names, each with all below it; addresses and networks (`10.0.0.0/8`); any of these with a port (names
 * and addresses); `*` is everything. Names are not resolved: a network is for addresses that stand in a URL.
 * @param text with commas between them
 * @throws TypeError for an entry that is none of these, and says which
 */
export function directHosts(text: string): DirectHosts {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .map(entryOf);
  return (url) => {
    const host = bare(url.hostname);
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return entries.some((entry) => (entry.port ?? port) === port && entry.has(host));
  };
}

const NAME = /^\.?([a-z0-9_-]+\.)*[a-z0-9_-]+$/;

function entryOf(text: string): Entry {
  if (text === '*') return { port: undefined, has: () => true };
  if (text.includes('/')) return { port: undefined, has: network(text) };
  const { host, port } = hostAndPort(text);
  const kind = isIP(host);
  if (kind !== 0) return { port, has: network(`${host}/${kind === 4 ? 32 : 128}`) };
  if (!NAME.test(host) || /^[0-9.]+$/.test(host)) throw wrong(text);
  const name = host.replace(/^\./, '');
  return { port, has: (asked) => asked === name || asked.endsWith(`.${name}`) };
}

function hostAndPort(text: string): { readonly host: string; readonly port: string | undefined } {
  if (isIP(text) === 6) return { host: text, port: undefined };
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::([0-9]{1,5}))?$/.exec(text);
  const [, host, port] = found ?? [];
  if (host === undefined || Number(port ?? 1) > 65_535) throw wrong(text);
  return { host: bare(host), port };
}

function network(text: string): (host: string) => boolean {
  const [address = '', prefix = ''] = text.split('/');
  const kind = isIP(address);
  const most = kind === 4 ? 32 : 128;
  if (kind === 0 || !/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > most) throw wrong(text);
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), kind === 4 ? 'ipv4' : 'ipv6');
  return (host) => isIP(host) === kind && list.check(host, kind === 4 ? 'ipv4' : 'ipv6');
}

/** An IPv6 address stands in brackets in a URL; a name may end with a dot. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function wrong(entry: string): TypeError {
  return new TypeError(`${JSON.stringify(entry)} is no name, address or network`);
}
