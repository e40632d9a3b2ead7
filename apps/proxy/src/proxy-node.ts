import { HandOver, handedOverUntil } from '#fleet/node/hand-over';
import { ControlClient } from '#fleet/node/control-client';
import { NodeAgent, type NodeAgentEvents } from '#fleet/node/node-agent';
import { NodeFolder } from '#fleet/node/node-folder';
import { ComparisonRecorder } from '#fleet/spool/comparison-recorder';
import { DeliveryRecorder } from '#fleet/spool/recorder';
import { Spool } from '#fleet/spool/spool';
import { makeSettingFolder } from '#platform/setting-folder';
import type { Logger } from '#platform/logging/logger';
import { version } from '#platform/version';
import type { ProxyConfig } from './config.js';

/** This proxy as a node of the site. */
export interface ProxyNode {
  readonly folder: NodeFolder;
  readonly control: ControlClient;
  readonly spool: Spool;
  readonly recorder: DeliveryRecorder;
  /** Of a shadow. */
  readonly comparisons: ComparisonRecorder;
  readonly ring: string;
}

type NodeSettings = Pick<
  ProxyConfig,
  'ring' | 'nodeDir' | 'nodeTokenFile' | 'controlUrl' | 'runFile' | 'certificateFile'
>;

/** Undefined for a proxy that is none. What an earlier process left is handed over first; nothing connects yet. */
export async function proxyNode(
  { ring, nodeDir, controlUrl, runFile, certificateFile }: NodeSettings,
  logger: Logger,
): Promise<ProxyNode | undefined> {
  if (nodeDir === undefined) return undefined;
  await makeSettingFolder('HOLDFAST_NODE_DIR', nodeDir);
  const folder = new NodeFolder(nodeDir);
  const spool = await Spool.open(folder.spool(), await handedOverUntil(nodeDir), (err) =>
    logger.error({ err }, 'what this proxy delivers cannot be written down'),
  );
  return {
    ring,
    folder,
    control: new ControlClient({ url: controlUrl, runFile, certificateFile }),
    spool,
    recorder: new DeliveryRecorder((record) => spool.add(record), Date.now),
    comparisons: new ComparisonRecorder((record) => spool.add(record), Date.now),
  };
}

/** @param position of the policy that is obeyed now */
export function nodeAgent(
  { ring, folder, control, spool, recorder, comparisons }: ProxyNode,
  { nodeTokenFile }: NodeSettings,
  events: NodeAgentEvents,
  position: () => string | undefined,
): NodeAgent {
  const running = version();
  const handOver = new HandOver(folder.folder, spool, control, Date.now);
  return new NodeAgent({
    folder,
    control,
    tokenFile: nodeTokenFile,
    condition: () => {
      const { records, since } = spool.backlog();
      return {
        version: running,
        ring,
        policyPosition: position() ?? null,
        backlog: records,
        backlogSince: since,
      };
    },
    events,
    handOver: (identity, key, signal) => {
      // An hour ends also when no device asks.
      recorder.enter();
      comparisons.enter();
      return handOver.next(identity, key, signal);
    },
    now: Date.now,
  });
}

/** What was counted is written down, and what was written is on the disk. */
export async function closeNode({ spool, recorder, comparisons }: ProxyNode): Promise<void> {
  recorder.settle();
  comparisons.settle();
  await spool.close();
}

/** Said, and nothing else: devices are served as before. */
export function nodeEvents(logger: Logger): NodeAgentEvents {
  return {
    enrolled: ({ node }) => logger.info({ node }, 'this proxy is a node of the site'),
    keyRenewed: (keyExpiresAt) => logger.info({ keyExpiresAt }, 'this proxy has a new key as a node'),
    controlReachable: (reachable, err) => {
      if (reachable) logger.info('control takes what this proxy reports');
      else
        logger.warn(
          { err },
          'control cannot be reached: what this proxy reports is kept, and devices are served',
        );
    },
    refused: (code, message) => logger.error({ code }, `control takes nothing from this proxy: ${message}`),
  };
}
