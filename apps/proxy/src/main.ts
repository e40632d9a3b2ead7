import 'reflect-metadata';
import { runServer } from '#platform/server-process';
import { PublicPort } from '#platform/tls/public-port';
import { adapters } from './adapters.js';
import { ProxyConfig } from './config.js';
import { httpsRequired } from './https-required.js';
import { pinnedPolicyKey } from './pinned-policy-key.js';
import { proxyEvents } from './proxy-events.js';
import { proxyMetrics } from './proxy-metrics.js';
import { closeNode, nodeAgent, nodeEvents, proxyNode } from './proxy-node.js';
import { recordingEvents } from './recording-events.js';
import { watchProxy } from './proxy-readiness.js';
import { openShadow } from './shadow.js';
import { shadowEvents } from './shadow-events.js';
import { createProxy } from './proxy.js';

await runServer('proxy', ProxyConfig, async ({ settings, logger, readiness, metrics }) => {
  const seen = proxyMetrics(metrics);
  const watched = watchProxy(readiness, settings);
  const said = proxyEvents(logger, seen, watched);
  const node = await proxyNode(settings, logger);
  const events = node ? recordingEvents(said, node) : said;
  const port = await PublicPort.open(settings, {
    logger,
    readiness,
    metrics: seen.certificate,
    urlVariable: 'HOLDFAST_PROXY_URL',
    refusal: httpsRequired,
  });
  const policyKey = await pinnedPolicyKey(settings, node, logger);
  const made = await adapters(settings, policyKey, events, seen.upstreamAsked);
  watched.keysRead();
  watched.keptUsable(made.keptUsable);
  seen.watchCache(made.room.artefacts.limit, made.room.usage);
  const watching = shadowEvents(logger, seen, node?.comparisons);
  const opened = await openShadow(settings, made.serving, events, watching, logger);
  const serving = opened?.shadow ?? made.serving;
  const app = await createProxy(serving, events, logger, seen.answered, port.serverFactory);
  // Before it listens: a device that asks early gets what was decided, not an error.
  await made.obedience.start();
  const agent = node && nodeAgent(node, settings, nodeEvents(logger), () => made.obedience.ring?.position);
  if (agent) agent.start();
  else logger.warn('HOLDFAST_NODE_DIR is not set: this proxy is no node, what it delivers is not recorded');
  return {
    url: await port.listen(app),
    close: async () => {
      await port.close(app);
      await opened?.close();
      await agent?.stop();
      if (node) await closeNode(node);
      await made.close();
    },
  };
});
