import { ConfigError } from './config.js';
import { directHosts, type DirectHosts } from './direct-hosts.js';
import { readSettingFile } from './setting-file.js';
import { isProxyCredentials } from './settings-of-the-way-out.js';

/** The site's forward proxy. */
export interface ForwardProxy {
  /** Its origin, http or https. */
  readonly url: URL;
  /** The value of Proxy-Authorization, where it asks for one. Never shown. */
  readonly authorization: string | undefined;
  readonly direct: DirectHosts;
}

/** As a server's configuration has them. */
export interface ForwardProxySettings {
  readonly forwardProxy: string | undefined;
  readonly forwardProxyCredentialsFile: string | undefined;
  readonly noProxy: string;
}

const CREDENTIALS_FILE = 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE';

/**
 * The forward proxy that settings name, with what stands in their file; undefined: each host is reached directly.
 * @throws ConfigError for a file that cannot be read or holds something else; it never shows what it holds
 */
export async function readForwardProxy({
  forwardProxy,
  forwardProxyCredentialsFile: file,
  noProxy,
}: ForwardProxySettings): Promise<ForwardProxy | undefined> {
  if (forwardProxy === undefined) {
    if (file === undefined) return undefined;
    throw wrong(CREDENTIALS_FILE, file, 'HOLDFAST_FORWARD_PROXY names no proxy to show them to');
  }
  const url = URL.parse(forwardProxy);
  if (!url) throw wrong('HOLDFAST_FORWARD_PROXY', forwardProxy, 'it is no URL');
  const authorization = file === undefined ? undefined : await readAuthorization(file);
  return { url, authorization, direct: directHosts(noProxy) };
}

/** RFC 7617. */
async function readAuthorization(file: string): Promise<string> {
  const credentials = (await readSettingFile(CREDENTIALS_FILE, file)).replace(/\r?\n$/, '');
  if (!isProxyCredentials(credentials))
    throw wrong(CREDENTIALS_FILE, file, 'it must hold one line, user:password');
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function wrong(variable: string, file: string, why: string): ConfigError {
  return new ConfigError([`${variable} is ${JSON.stringify(file)}: ${why}.`]);
}
