import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROXY_NODE_OPTIONS } from '#apps/host/src/server-environment';
import type { SnapCaptureManifest } from '#catalog/published';
import { NodeFolder } from '#fleet/node/node-folder';
import type { Child } from './child.js';
import { NO_UPSTREAM, OBEYED, startProxy } from './proxy-on-disk.js';

/**
 * The same proxy as a node of a site: it records what it offers, and hands it over.
 * @param nodeOptions more of them than the proxy has
 */
export async function startNode(
  manifests: readonly SnapCaptureManifest[],
  controlUrl: string,
  nodeOptions = '',
): Promise<Child> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-node-'));
  await new NodeFolder(folder).enrolled({ node: 'bench', ...OBEYED });
  const settings = {
    NODE_OPTIONS: `${PROXY_NODE_OPTIONS} ${nodeOptions}`,
    HOLDFAST_NODE_DIR: folder,
    HOLDFAST_CONTROL_URL: controlUrl,
  };
  const proxy = await startProxy(manifests, NO_UPSTREAM, settings);
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...proxy, stop };
}
