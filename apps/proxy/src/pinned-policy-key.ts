import { setTimeout as pause } from 'node:timers/promises';
import type { ControlClient } from '#fleet/node/control-client';
import { enrol } from '#fleet/node/enrol';
import type { NodeFolder } from '#fleet/node/node-folder';
import { ConfigError } from '#platform/config';
import type { Logger } from '#platform/logging/logger';
import type { ProxyConfig } from './config.js';
import { policyKeyIn, readPolicyKey, type PolicyKey } from './secrets.js';

const AGAIN_MS = 5_000;

/**
 * What policies are verified with: the file's, else what the node's enrolment pinned, which a proxy without either waits for.
 * @throws ConfigError when both are there and not of one site
 */
export async function pinnedPolicyKey(
  { policyVkeyFile, nodeTokenFile }: Pick<ProxyConfig, 'policyVkeyFile' | 'nodeTokenFile'>,
  node: { readonly folder: NodeFolder; readonly control: ControlClient } | undefined,
  logger: Logger,
): Promise<PolicyKey> {
  const known = await node?.folder.identity();
  if (policyVkeyFile !== undefined) {
    const key = await readPolicyKey(policyVkeyFile);
    if (known !== undefined && known.policyKey !== key.vkey)
      throw new ConfigError([
        `HOLDFAST_POLICY_VKEY_FILE: ${policyVkeyFile} is not the key that the node ${known.node} was told at its enrolment.`,
      ]);
    return key;
  }
  if (!node)
    throw new ConfigError(['HOLDFAST_POLICY_VKEY_FILE is not set, and there is no HOLDFAST_NODE_DIR.']);
  for (;;) {
    try {
      const { policyKey } = await enrol(
        node.folder,
        node.control,
        nodeTokenFile,
        AbortSignal.timeout(60_000),
      );
      return policyKeyIn(policyKey, 'the enrolment');
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      logger.warn({ err: error }, 'the proxy has no policy key before it has enrolled; it is tried again');
    }
    await pause(AGAIN_MS);
  }
}
