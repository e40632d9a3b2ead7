import 'reflect-metadata';
import { databaseAnswers, eventStoreAnswers } from '#platform/health/checks';
import { runServer } from '#platform/server-process';
import { SITE_STREAM } from '#site/domain/site';
import { adapters, closeAdapters } from './adapters.js';
import { ControlConfig } from './config.js';
import { createControl } from './control.js';
import { readSiteKey } from './site-key.js';

await runServer('control', ControlConfig, async ({ settings, logger, readiness }) => {
  const siteKey = readiness.expect('site key', 'it is not read yet');
  const made = adapters(settings, await readSiteKey(settings.siteKeyFile));
  siteKey.met();
  readiness.check('database', databaseAnswers(made.readModels));
  readiness.check('event store', eventStoreAnswers(made.store, SITE_STREAM));
  const app = await createControl(made, settings, logger);
  await app.listen(settings.port, settings.host);
  return {
    url: (await app.getUrl()).replace(/\/$/, ''),
    close: async () => {
      await app.close();
      await closeAdapters(made);
    },
  };
});
