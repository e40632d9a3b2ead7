import { isLoopback } from '../domain/sinks/sink-address.js';

/** Where a server is, as the domain writes it: `scheme://host:port`. */
export interface ServerAddress {
  readonly scheme: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly loopback: boolean;
}

export function serverAddress(server: string): ServerAddress {
  const [, scheme = '', host = '', port = ''] = /^([a-z+]+):\/\/(.+):([0-9]+)$/.exec(server) ?? [];
  const bare = host.replace(/^\[|\]$/g, '');
  return { scheme, host: bare, port: Number(port), loopback: isLoopback(host) };
}
