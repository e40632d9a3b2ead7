import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logging/logger';
import { runServer } from '#platform/server-process';
import { adapters } from './adapters.js';
import { ProxyConfig } from './config.js';
import { proxyEvents } from './proxy-events.js';
import { createProxy } from './proxy.js';

await runServer('proxy', async () => {
  const config = loadConfig(ProxyConfig, process.env);
  const logger = createLogger('proxy', config.logLevel);
  const events = proxyEvents(logger);
  const made = await adapters(config, events);
  const app = await createProxy(made.serving, events, logger);
  // Before it listens: a device that asks early gets what was decided, not an error.
  await made.obedience.start();
  await app.listen(config.port, config.host);
  return {
    logger,
    url: (await app.getUrl()).replace(/\/$/, ''),
    close: async () => {
      await app.close();
      await made.close();
    },
  };
});
