import { afterAll, beforeAll, expect, it } from 'vitest';
import { withClient } from '#platform/database/with-client';
import { clock, CLOCK_STREAM } from '#site/domain/clock';
import { SINKS_STREAM, sinks } from '#notifications/domain/sinks/sinks';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { ControlUnderTest } from '#test/support/control-under-test';

let control: ControlUnderTest;
beforeAll(async () => {
  control = await ControlUnderTest.start();
});
afterAll(() => control?.stop());

async function damage(stream: string): Promise<void> {
  await withClient(control.database.ownerUrl, async (client) => {
    await client.query('alter table events.event disable trigger all');
    await client.query(`update events.event set bytes = 'damaged'::bytea where stream = $1`, [stream]);
    await client.query('alter table events.event enable trigger all');
  });
}

it('the status is told although what is recorded of the clocks, and of the sinks, is damaged', async () => {
  const token = await control.admin();
  const { streams } = control.adapters;
  await streams.decideAndAppend(clock, CLOCK_STREAM, {
    type: 'NoteSynchronisation',
    server: 'control',
    host: 'alpha',
    synchronisation: { state: 'synchronised', source: 'chrony' },
    atStart: true,
    context: byWorker(CLOCK_STREAM),
  });
  const context = byPerson('Olga', ['operator']);
  await streams.decideAndAppend(sinks, SINKS_STREAM, {
    type: 'AddSink',
    name: 'ops',
    target: { kind: 'webhook', url: 'https://siem.lab.example/in' },
    filter: { about: ['alarms'], types: [] },
    secret: null,
    giveUpAfterHours: 24,
    from: null,
    context,
  });
  await streams.decideAndAppend(sinks, SINKS_STREAM, { type: 'PauseSink', name: 'ops', context });
  const before = await control.ask('GET', '/v1/status', { token });
  expect(before.json).toMatchObject({
    clocks: [{ server: 'control', host: 'alpha', source: 'chrony' }],
    failingSinks: [],
    pausedSinks: ['ops'],
  });
  await damage(CLOCK_STREAM);
  await damage(SINKS_STREAM);
  // On this server the record is in memory.
  const other = await control.another();
  const { status, json } = await other.ask('GET', '/v1/status', { token });
  const unread = { clocks: null, failingSinks: null, pausedSinks: null };
  expect({ status, json }).toEqual({ status: 200, json: { ...before.json, ...unread } });
  await other.stop();
});
