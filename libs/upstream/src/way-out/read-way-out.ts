import { readAuthorities } from '#platform/authorities';
import { ConfigError } from '#platform/config';
import { readSettingFile } from '#platform/setting-file';
import { directHosts } from '#platform/direct-hosts';
import { isProxyCredentials } from '#platform/settings-of-the-way-out';
import type { WayOutSettings } from './settings.js';
import type { ForwardProxy, WayOut } from './way-out.js';

/**
 * The way out that settings name, with what stands in their files.
 * @throws ConfigError for a file that cannot be read or holds something else; it never shows what a file holds
 */
export async function readWayOut(settings: WayOutSettings): Promise<WayOut> {
  const { upstreamCaFile } = settings;
  const proxy = await readForwardProxy(settings);
  return {
    ...(proxy ? { proxy } : {}),
    ...(upstreamCaFile === undefined ? {} : { authorities: await readAuthorities(CA_FILE, upstreamCaFile) }),
  };
}

async function readForwardProxy({
  forwardProxy,
  forwardProxyCredentialsFile: file,
  noProxy,
}: WayOutSettings): Promise<ForwardProxy | undefined> {
  if (forwardProxy === undefined) {
    if (file === undefined) return undefined;
    throw wrong(CREDENTIALS_FILE, file, 'HOLDFAST_FORWARD_PROXY names no proxy to show them to');
  }
  const url = URL.parse(forwardProxy);
  if (!url) throw wrong('HOLDFAST_FORWARD_PROXY', forwardProxy, 'it is no URL');
  const authorization = file === undefined ? undefined : await readAuthorization(file);
  return { url, authorization, direct: directHosts(noProxy) };
}

const CREDENTIALS_FILE = 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE';
const CA_FILE = 'HOLDFAST_UPSTREAM_CA_FILE';

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
