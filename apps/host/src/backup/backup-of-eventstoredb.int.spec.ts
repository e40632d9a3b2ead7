import { expect, it } from 'vitest';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { emptyDatabase } from '#test/support/test-database';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';

it('a site whose events are in EventStoreDB is backed up, and restored into PostgreSQL as it was', async () => {
  await using site = await SiteInAHome.make();
  await site.capture('an artefact');
  await site.note(7);
  await site.seal();
  await site.note(2);
  await site.query(
    `insert into worker.reactor_checkpoint (reactor, cursor) select 'capture', max(position) from events.event where type = 'OverrideSet'`,
  );
  const before = await site.events();
  const reactors = 'select reactor, cursor from worker.reactor_checkpoint';
  const handled = await site.query(reactors);
  const events = await InProcessEventStoreDb.started();
  try {
    const env = { EVENTSTORE_URL: events.url };
    await site.run(['events', 'copy', '--to', 'eventstoredb'], env);
    const argv = ['backup', '--to', site.in('backup'), '--recipient', site.recipient];
    expect((await site.run(argv, env)).join()).toContain(`${before.length} events, ${before.length - 2} of`);
    // Where the history was is an old copy.
    await expect(site.run(argv)).rejects.toThrow('EVENTSTORE_URL');
  } finally {
    events.stop();
  }
  const { ownerUrl } = await emptyDatabase();
  const to = { HOLDFAST_HOME: site.in('restored'), DATABASE_URL: ownerUrl };
  await site.run(['restore', '--from', site.in('backup'), '--identity', site.identityFile], to);
  expect((await site.events(ownerUrl)).slice(0, -1)).toEqual(before);
  expect(await site.query(reactors, ownerUrl)).toEqual(handled);
});
