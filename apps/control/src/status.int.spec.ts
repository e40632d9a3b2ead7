import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '#platform/database/with-client';
import { clock, CLOCK_STREAM } from '#site/domain/clock';
import { byWorker } from '#test/support/decider-specification';
import { ControlUnderTest } from '#test/support/control-under-test';

let control: ControlUnderTest;
beforeAll(async () => {
  control = await ControlUnderTest.start();
});
afterAll(() => control?.stop());

it('the status is told although what is recorded of the clocks is damaged', async () => {
  const token = await control.admin();
  await control.adapters.streams.decideAndAppend(clock, CLOCK_STREAM, {
    type: 'NoteSynchronisation',
    server: 'control',
    host: 'alpha',
    synchronisation: { state: 'synchronised', source: 'chrony' },
    atStart: true,
    context: byWorker(CLOCK_STREAM),
  });
  const before = await control.ask('GET', '/v1/status', { token });
  expect(before.json).toMatchObject({ clocks: [{ server: 'control', host: 'alpha', source: 'chrony' }] });
  await withClient(control.database.ownerUrl, async (client) => {
    await client.query('alter table events.event disable trigger all');
    await client.query(`update events.event set bytes = 'damaged'::bytea where stream = $1`, [CLOCK_STREAM]);
    await client.query('alter table events.event enable trigger all');
  });
  // On this server the record is in memory.
  const other = await control.another();
  const { status, json } = await other.ask('GET', '/v1/status', { token });
  expect({ status, json }).toEqual({ status: 200, json: { ...before.json, clocks: null } });
  await other.stop();
});
