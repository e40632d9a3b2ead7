import { ControlClient } from '#fleet/node/control-client';
import { NodeAgent, type NodeAgentEvents } from '#fleet/node/node-agent';
import { NodeFolder } from '#fleet/node/node-folder';
import type { Logger } from '#platform/logging/logger';
import { version } from '#platform/version';
import type { ProxyConfig } from './config.js';

/** This proxy as a node of the site. */
export interface ProxyNode {
  readonly folder: NodeFolder;
  readonly control: ControlClient;
}

type NodeSettings = Pick<
  ProxyConfig,
  'nodeDir' | 'nodeTokenFile' | 'controlUrl' | 'runFile' | 'certificateFile'
>;

/** Undefined for a proxy that is none. Nothing connects yet. */
export function proxyNode({
  nodeDir,
  controlUrl,
  runFile,
  certificateFile,
}: NodeSettings): ProxyNode | undefined {
  if (nodeDir === undefined) return undefined;
  return {
    folder: new NodeFolder(nodeDir),
    control: new ControlClient({ url: controlUrl, runFile, certificateFile }),
  };
}

/** @param position of the policy that is obeyed now */
export function nodeAgent(
  { folder, control }: ProxyNode,
  { nodeTokenFile }: NodeSettings,
  events: NodeAgentEvents,
  position: () => string | undefined,
): NodeAgent {
  const running = version();
  return new NodeAgent({
    folder,
    control,
    tokenFile: nodeTokenFile,
    condition: () => ({
      version: running,
      policyPosition: position() ?? null,
      backlog: 0,
      backlogSince: null,
    }),
    events,
    now: Date.now,
  });
}

/** Said, and nothing else: devices are served as before. */
export function nodeEvents(logger: Logger): NodeAgentEvents {
  return {
    enrolled: ({ node }) => logger.info({ node }, 'this proxy is a node of the site'),
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
