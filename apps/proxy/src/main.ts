import 'reflect-metadata';
import { closeInOrder } from '#platform/http/close-in-order';
import { runServer } from '#platform/server-process';
import { adapters } from './adapters.js';
import { ProxyConfig } from './config.js';
import { proxyEvents } from './proxy-events.js';
import { proxyMetrics } from './proxy-metrics.js';
import { watchProxy } from './proxy-readiness.js';
import { createProxy } from './proxy.js';

await runServer('proxy', ProxyConfig, async ({ settings, logger, readiness, metrics }) => {
  const seen = proxyMetrics(metrics);
  const watched = watchProxy(readiness, settings);
  const events = proxyEvents(logger, seen, watched);
  const made = await adapters(settings, events, seen.upstreamAsked);
  watched.keysRead();
  watched.keptUsable(made.keptUsable);
  const app = await createProxy(made.serving, events, logger, seen.answered);
  // Before it listens: a device that asks early gets what was decided, not an error.
  await made.obedience.start();
  await app.listen(settings.port, settings.host);
  return {
    url: (await app.getUrl()).replace(/\/$/, ''),
    close: async () => {
      await closeInOrder(app);
      await made.close();
    },
  };
});
