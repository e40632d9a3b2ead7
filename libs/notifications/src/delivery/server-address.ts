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
  const loopback = host === 'localhost' || host === '[::1]' || bare.startsWith('127.');
  return { scheme, host: bare, port: Number(port), loopback };
}
