import 'reflect-metadata';
import { runServer } from '#platform/server-process';
import { PublicPort } from '#platform/tls/public-port';
import { adapters } from './adapters.js';
import { ProxyConfig } from './config.js';
import { httpsRequired } from './https-required.js';
import { proxyEvents } from './proxy-events.js';
import { proxyMetrics } from './proxy-metrics.js';
import { watchProxy } from './proxy-readiness.js';
import { createProxy } from './proxy.js';

await runServer('proxy', ProxyConfig, async ({ settings, logger, readiness, metrics }) => {
  const seen = proxyMetrics(metrics);
  const watched = watchProxy(readiness, settings);
  const events = proxyEvents(logger, seen, watched);
  const port = await PublicPort.open(settings, {
    logger,
    readiness,
    metrics: seen.certificate,
    urlVariable: 'HOLDFAST_PROXY_URL',
    refusal: httpsRequired,
  });
  const made = await adapters(settings, events, seen.upstreamAsked);
  watched.keysRead();
  watched.keptUsable(made.keptUsable);
  seen.watchCache(made.room.artefacts.limit, made.room.usage);
  const app = await createProxy(made.serving, events, logger, seen.answered, port.serverFactory);
  // Before it listens: a device that asks early gets what was decided, not an error.
  await made.obedience.start();
  return {
    url: await port.listen(app),
    close: async () => {
      await port.close(app);
      await made.close();
    },
  };
});
