import 'reflect-metadata';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import { untilDatabaseAnswers } from '#platform/database/until-database-answers';
import { databaseAnswers, eventStoreAnswers } from '#platform/health/checks';
import { MeasuredEventStore } from '#platform/metrics/measured-event-store';
import { runServer } from '#platform/server-process';
import { readKeyFile } from '#platform/setting-file';
import { relyingPartyAt } from '#identity/security-keys/relying-party';
import { PublicPort } from '#platform/tls/public-port';
import { SITE_STREAM } from '#site/domain/site';
import { eventStoreKind } from '#event-store/event-store-kind';
import { openEventStore } from '#event-store/open-event-store';
import { keepClock } from '#site/clock/keep-clock';
import { ownStore, readLedgerVkey } from '#site/own-store/open-own-store';
import { adapters, closeAdapters } from './adapters.js';
import { ControlConfig } from './config.js';
import { controlMetrics } from './control-metrics.js';
import { createControl } from './control.js';
import { decidedRules } from './decided-rules.js';
import { httpsRequired } from './https-required.js';
import { readSignOnSettings } from './sign-on-settings.js';

await runServer('control', ControlConfig, async ({ settings, logger, readiness, metrics }) => {
  const siteKey = readiness.expect('site key', 'it is not read yet');
  const seen = controlMetrics(metrics);
  const key = await readKeyFile('HOLDFAST_SITE_KEY_FILE', settings.siteKeyFile);
  const ledgerVkey = await readLedgerVkey(settings.ledgerVkeyFile);
  siteKey.met();
  const port = await PublicPort.open(settings, {
    logger,
    readiness,
    metrics: seen.certificate,
    urlVariable: 'HOLDFAST_CONTROL_URL',
    refusal: httpsRequired,
  });
  await untilDatabaseAnswers(settings.databaseUrl, readiness, logger);
  const { databaseUrl, eventStoreUrl, origin, evaluationDatabase } = settings;
  const store = await ownStore(await openEventStore(settings), { databaseUrl, eventStoreUrl, ledgerVkey });
  const signOn = await readSignOnSettings(settings);
  const made = adapters(settings, key, new MeasuredEventStore(store, seen.appended), { signOn });
  await made.ticketSystems.read();
  const { passedOver } = await decidedRules(made.streams, made.credentialRules);
  for (const each of passedOver)
    logger.warn(each, 'the environment would make signing easier than what is decided, which stays in force');
  readiness.check('database', databaseAnswers(made.readModels));
  readiness.check('event store', eventStoreAnswers(made.store, SITE_STREAM));
  const relyingParty = relyingPartyAt(settings.publicUrl ?? `http://localhost:${settings.port}`);
  const site = { origin, evaluationDatabase, eventStore: eventStoreKind(eventStoreUrl), relyingParty };
  const app = await createControl(made, site, logger, seen, port.serverFactory);
  seen.watch(made.store, app.get(ProjectionProgress));
  const url = await port.listen(app);
  const clock = keepClock(
    'control',
    made.streams,
    site.eventStore,
    (text) => made.readModels.query(text),
    logger,
  );
  return {
    url,
    close: async () => {
      await clock.stop();
      await port.close(app);
      await closeAdapters(made);
    },
  };
});
