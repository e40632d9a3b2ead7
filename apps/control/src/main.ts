import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logging/logger';
import { runServer } from '#platform/server-process';
import { adapters, closeAdapters } from './adapters.js';
import { ControlConfig } from './config.js';
import { createControl } from './control.js';
import { readSiteKey } from './site-key.js';

await runServer('control', async () => {
  const config = loadConfig(ControlConfig, process.env);
  const logger = createLogger('control', config.logLevel);
  const made = adapters(config, await readSiteKey(config.siteKeyFile));
  const app = await createControl(made, config, logger);
  await app.listen(config.port, config.host);
  return {
    logger,
    url: (await app.getUrl()).replace(/\/$/, ''),
    close: async () => {
      await app.close();
      await closeAdapters(made);
    },
  };
});
