import { readAuthorities } from '#platform/authorities';
import { readForwardProxy } from '#platform/forward-proxy';
import type { WayOutSettings } from './settings.js';
import type { WayOut } from './way-out.js';

/**
 * The way out that settings name, with what stands in their files.
 * @throws ConfigError for a file that cannot be read or holds something else; it never shows what a file holds
 */
export async function readWayOut(settings: WayOutSettings): Promise<WayOut> {
  const { upstreamCaFile: file } = settings;
  const proxy = await readForwardProxy(settings);
  return {
    ...(proxy ? { proxy } : {}),
    ...(file === undefined ? {} : { authorities: await readAuthorities('HOLDFAST_UPSTREAM_CA_FILE', file) }),
  };
}
