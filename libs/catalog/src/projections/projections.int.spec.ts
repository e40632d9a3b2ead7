import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { encodeEvent, uuidv7, type EventEnvelope } from '#kernel';
import { placeIn } from '#platform/http/page';
import { ReadModels } from '#platform/http/read-models';
import type { PositionedEvent } from '#platform/projection';
import { releaseControlProjections } from '#release-control/projections';
import { ListOverrides, ListOverridesHandler } from '#release-control/queries/list-overrides/query';
import { byPerson } from '#test/support/decider-specification';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { testDatabase } from '#test/support/test-database';
import { sync, syncStream } from '../domain/sync/sync.js';
import { catalogProjections } from '../projections.js';
import { ListCandidates, ListCandidatesHandler } from '../queries/list-candidates/query.js';
import { ListWatchedSnaps, ListWatchedSnapsHandler } from '../queries/list-watched-snaps/query.js';
import { ShowSync, ShowSyncHandler } from '../queries/show-sync/query.js';
import { lookAtWatchedReactor } from '../reactors/look-at-watched-snap/reactor.js';
import { syncReactor } from '../reactors/answer-sync-request/reactor.js';
import { onSchedule } from '../sync/sync-context.js';
import { HELLO, SyncBench } from '../testing/sync-bench.js';

const projections = [...catalogProjections(), ...releaseControlProjections(), ...auditTrailProjections()];

let bench: SyncBench;
let projector: pg.Client;
let readModels: ReadModels;
let projected = 0;
beforeAll(async () => {
  bench = await SyncBench.open();
  const database = await testDatabase();
  projector = new pg.Client({ connectionString: database.url('projector') });
  await projector.connect();
  readModels = new ReadModels(database.url('control'));
  await emptyReadModels(projector, projections);
});
afterAll(async () => {
  await Promise.all([projector.end(), readModels.close()]);
  await bench[Symbol.asyncDispose]();
});

const positioned = (envelopes: readonly EventEnvelope[]): PositionedEvent[] =>
  envelopes.map((envelope, i) => ({ position: BigInt(i), envelope, bytes: encodeEvent(envelope) }));

/** What has happened at the store since, as the projector hands it on. */
async function project(): Promise<void> {
  const all = positioned(await bench.all());
  await projectInto(projector, projections, all.slice(projected));
  projected = all.length;
}

const look = () => bench.observer.look(HELLO, onSchedule(bench.clock));
const candidates = (rest: { after?: string; limit?: number; snap?: string } = {}) =>
  new ListCandidatesHandler(readModels).execute(new ListCandidates({ ring: 'default', limit: 10, ...rest }));

/** As change control applies what was approved. */
async function hold(channel: string, version: string, declaration?: number): Promise<void> {
  const events = ['amd64', 'arm64'].map((architecture, i) => {
    const target = { format: 'snap', subject: HELLO.snapId, channel, architecture };
    const data = {
      target,
      name: HELLO.name,
      old: null,
      new: { version, manifest: 'm', ...(declaration === undefined ? {} : { declaration }) },
      changeRequest: 'CR-1',
    };
    return {
      id: uuidv7(),
      type: 'OverrideSet',
      v: 1,
      data,
      part: [i + 1, 2] as const,
    };
  });
  const [template] = await bench.all();
  if (!template) throw new Error('nothing has happened yet');
  let revision = -1n;
  for await (const { streamRevision } of bench.events.readStream('release-policy/default'))
    revision = streamRevision;
  const stored = events.map((event, i) => ({
    id: event.id,
    type: event.type,
    bytes: encodeEvent({
      ...template,
      ...event,
      stream: 'release-policy/default',
      streamRevision: String(revision + 1n + BigInt(i)),
    }),
  }));
  await bench.events.append('release-policy/default', revision, stored);
}

describe('the read models of the catalog', () => {
  it('show what is watched, before and after it was seen', async () => {
    await bench.watch('lab-hello');
    await bench.watch('nobody-has-it');
    await project();
    const list = () => new ListWatchedSnapsHandler(readModels).execute(new ListWatchedSnaps({ limit: 10 }));
    const unseen = { listed: true, askedFor: false, publisher: null, revoked: false, failure: null };
    expect(await list()).toEqual({
      watchedSnaps: ['lab-hello', 'nobody-has-it'].map((name) => ({
        ...unseen,
        name,
        snapId: null,
        declarationRevision: null,
        changed: null,
      })),
      next: null,
    });
    await bench.replayTo(lookAtWatchedReactor(bench.ports));
    await project();
    expect((await list()).watchedSnaps).toMatchObject([
      {
        ...HELLO,
        publisher: 'labdevlabdevlabdevlabdevlabdev00',
        declarationRevision: 0,
        changed: { position: '4', at: '2026-11-26T12:00:00.000Z' },
      },
      { name: 'nobody-has-it', snapId: null },
    ]);
    const first = await new ListWatchedSnapsHandler(readModels).execute(new ListWatchedSnaps({ limit: 1 }));
    const second = await new ListWatchedSnapsHandler(readModels).execute(
      new ListWatchedSnaps({ limit: 1, after: placeIn('watched-snaps', first.next ?? '') }),
    );
    expect(second).toMatchObject({ watchedSnaps: [{ name: 'nobody-has-it' }], next: null });
  });

  it('name no candidate while upstream has what is held', async () => {
    await hold('latest/stable', '1');
    await project();
    expect(await candidates()).toEqual({ candidates: [], next: null });
  });

  it('name what has a newer snap-declaration than was approved, as far as the record says which that was', async () => {
    bench.store.declare('lab-hello', {});
    await look();
    await project();
    expect((await candidates()).candidates).toEqual([]);
    const { rows } = await projector.query<{ revision: number }>(
      'select declaration_revision as revision from read.upstream_snap_v1 where snap_id = $1',
      [HELLO.snapId],
    );
    const newest = rows[0]?.revision ?? 0;
    await hold('latest/stable', '1', newest - 1);
    await project();
    expect((await candidates()).candidates).toMatchObject([
      {
        architecture: 'amd64',
        held: { revision: 1 },
        upstream: { revision: 1 },
        declaration: { approved: newest - 1, upstream: newest },
      },
      { architecture: 'arm64' },
    ]);
    await hold('latest/stable', '1', newest);
    await project();
    expect((await candidates()).candidates).toEqual([]);
  });

  it('name what upstream has instead, since when, for each target', async () => {
    bench.clock.set('2026-11-26T18:00:00.000Z');
    bench.store.release('lab-hello', 'stable', 2);
    await look();
    await project();
    expect((await candidates()).candidates).toMatchObject([
      {
        ring: 'default',
        ...HELLO,
        channel: 'latest/stable',
        architecture: 'amd64',
        held: { revision: 1, version: '1.0', gone: false },
        upstream: {
          revision: 2,
          version: '1.1',
          channel: 'latest/stable',
          since: { position: expect.stringMatching(/^\d+$/) as string, at: '2026-11-26T18:00:00.000Z' },
        },
      },
      { architecture: 'arm64' },
    ]);
    const first = await candidates({ limit: 1 });
    expect(first).toMatchObject({ candidates: [{ architecture: 'amd64' }] });
    expect(
      await candidates({ limit: 1, after: placeIn('candidates', first.next ?? '') ?? '' }),
    ).toMatchObject({
      candidates: [{ architecture: 'arm64' }],
      next: null,
    });
    expect((await candidates({ snap: 'other' })).candidates).toEqual([]);
  });

  it('show upstream beside an override', async () => {
    const { overrides } = await new ListOverridesHandler(readModels).execute(
      new ListOverrides({ ring: 'default' }),
    );
    expect(overrides.map(({ version, upstreamVersion }) => [version, upstreamVersion])).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('follow a closed channel to the stabler one', async () => {
    await hold('latest/edge', '1');
    await hold('latest/stable/fix', '1');
    await hold('2.0/edge', '1');
    bench.store.release('lab-hello', 'edge', null);
    bench.store.release('lab-hello', 'candidate', null, 'arm64');
    await look();
    await project();
    const found = (await candidates()).candidates.map(
      ({ channel, architecture, upstream }) =>
        `${channel} ${architecture}: ${upstream.revision} of ${upstream.channel}`,
    );
    expect(found).toEqual([
      'latest/edge amd64: 2 of latest/candidate',
      'latest/edge arm64: 2 of latest/stable',
      'latest/stable amd64: 2 of latest/stable',
      'latest/stable arm64: 2 of latest/stable',
      'latest/stable/fix amd64: 2 of latest/stable',
      'latest/stable/fix arm64: 2 of latest/stable',
    ]);
  });

  it('say that what is held is gone', async () => {
    bench.held = [{ revision: 1, architecture: 'amd64' }];
    bench.store.withdraw('lab-hello', 1);
    await look();
    await project();
    expect((await candidates()).candidates[0]?.held).toEqual({ revision: 1, version: '1.0', gone: true });
  });

  it('say how far a sync is', async () => {
    const context = byPerson('Ana', ['author']);
    const show = () => new ShowSyncHandler(readModels).execute(new ShowSync('s1'));
    await expect(show()).rejects.toMatchObject({ code: 'no-such-sync' });
    const request = { type: 'RequestSync', snaps: null, context } as const;
    await bench.writer.decideAndAppend(sync, syncStream('s1'), request);
    await project();
    const asked = { id: 's1', status: 'asked', requestedBy: 'Ana', requestedAt: context.at };
    expect(await show()).toEqual({ ...asked, total: null, done: 0, outcome: null });
    await bench.replayTo(syncReactor(bench.ports));
    await project();
    expect(await show()).toMatchObject({
      ...asked,
      status: 'done',
      total: 2,
      done: 2,
      outcome: { failures: [{ snap: 'nobody-has-it', code: 'snap-not-found' }], notAsked: 0 },
    });
  });

  it('have no candidate of a snap that is revoked, and say that it is', async () => {
    bench.store.declare('lab-hello', { revoked: true });
    bench.store.fault({ mode: 'broken-chain', path: '/v2/assertions/account/' });
    await look();
    bench.store.fault({ mode: 'none' });
    await look();
    await project();
    expect(await candidates()).toEqual({ candidates: [], next: null });
    const { watchedSnaps } = await new ListWatchedSnapsHandler(readModels).execute(
      new ListWatchedSnaps({ limit: 10 }),
    );
    expect(watchedSnaps[0]).toMatchObject({ revoked: true, declarationRevision: 2, failure: null });
  });

  it('are the same however the events are handed on', async () => {
    const all = positioned(await bench.all());
    const database = await testDatabase();
    const other = new pg.Client({ connectionString: database.url('projector') });
    await other.connect();
    await emptyReadModels(other, projections);
    for (const event of all) await projectInto(other, projections, [event]);
    const tables = catalogProjections().flatMap(({ tables: own }) => own.map(({ name }) => name));
    const rows = async (client: pg.Client) => {
      const found: Record<string, unknown[]> = {};
      for (const table of tables)
        found[table] = (await client.query(`select t::text as row from read.${table} as t order by 1`)).rows;
      return found;
    };
    expect(await rows(other)).toEqual(await rows(projector));
    expect((await rows(other))['upstream_channel_v1']?.length).toBeGreaterThan(0);
    await other.end();
  });

  it('cannot be written by control', async () => {
    await expect(readModels.query('delete from read.upstream_channel_v1')).rejects.toThrow(
      /permission denied/,
    );
  });
});
