import { setInterval } from 'node:timers';
import { closeNode, nodeAgent, nodeEvents, proxyNode } from '#apps/proxy/src/proxy-node';
import { createLogger } from '#platform/logging/logger';

/**
 * All that a proxy runs as a node, with a clock instead of devices: it records so many completed downloads a second, each of a revision of its own,
 * counted from 1, of a snap that is named for this life of the process. It says how many it has added, and stops adding when it is told.
 */
const [nodeDir = '', controlUrl = '', life = '', perSecond = ''] = process.argv.slice(2);
const settings = {
  ring: 'default',
  nodeDir,
  controlUrl,
  nodeTokenFile: undefined,
  runFile: undefined,
  certificateFile: undefined,
};
const TICK_MS = 20;

const logger = createLogger('bench', 'error', process.stderr);
const node = await proxyNode(settings, logger);
if (!node) throw new Error('a node has a folder');
const agent = nodeAgent(node, settings, nodeEvents(logger), () => '0');
agent.start();

let added = 0;
let due = 0;
const began = performance.now();
const adding = setInterval(() => {
  due = ((performance.now() - began) / 1_000) * Number(perSecond);
  while (added < due) {
    added++;
    node.recorder.downloadEnded(null, '0', {
      snapId: null,
      name: life,
      revision: added,
      outcome: 'completed',
    });
  }
  tell();
}, TICK_MS);

function tell(): void {
  process.send?.({ added, waiting: node?.spool.backlog().records ?? 0 });
}

process.on('message', () => {
  clearInterval(adding);
  setInterval(tell, TICK_MS);
});
process.on('SIGTERM', () => {
  void (async () => {
    await agent.stop();
    await closeNode(node);
    process.exit(0);
  })();
});
