import pg from 'pg';
import type { EventStore } from '#event-store/port';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import type { Projection } from '#platform/projection';
import { allCheckpoints, sameVersion, type Checkpoint } from '#platform/read-models/checkpoints';
import { ReadModelError } from '#platform/read-models/errors';
import { tableIn } from '#platform/read-models/slots';
import { compareTable, type TableVerdict } from './compare-table.js';
import { PolicyEvidence } from './policy-evidence.js';
import { allProjections, chosen } from './projections.js';
import { replay, useScratch } from './replay.js';
import { tablesNotShown } from './what-views-show.js';

export interface VerifyPlaces {
  readonly ownerUrl: string;
  readonly store: EventStore;
  /** The public key that must have signed the policy documents. */
  readonly policyVkey: string;
}

export interface Verdict {
  readonly name: string;
  readonly version: number;
  /** Of the newest event that its rows show; null before the first. */
  readonly position: string | null;
  readonly tables: readonly ShownTable[];
}

export interface ShownTable extends TableVerdict {
  /** Whether readers, who name its view, are shown these rows and nothing else. */
  readonly shown: boolean;
}

interface Live {
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
}

const UNDEFINED_TABLE = '42P01';

/**
 * Replays the events' bytes into scratch tables and compares these with the live rows, at the position that those are at, in one snapshot: the site
 * goes on meanwhile. Before that, looks whether readers are shown those rows. Everything is undone at the end.
 * @param names none: all
 * @throws ReadModelError `no-such-read-model`, `read-models-not-live`; TlogError for a key that is none
 */
export async function verifyReadModels(
  places: VerifyPlaces,
  names: readonly string[],
): Promise<readonly Verdict[]> {
  return withClient(places.ownerUrl, (client) => verifyOver(client, places, names), NO_TIME_OUT);
}

async function verifyOver(
  client: pg.Client,
  places: VerifyPlaces,
  names: readonly string[],
): Promise<readonly Verdict[]> {
  try {
    const evidence = new PolicyEvidence(places.policyVkey, places.store);
    const projections = chosen(allProjections(evidence), names);
    const hidden = await tablesNotShown(client, projections);
    const live = await snapshot(client, projections);
    await evidence.read(client, live);
    await useScratch(client);
    for (const { projection } of live) await projection.createTables(client);
    await replay(client, places.store, live, evidence);
    const verdicts: Verdict[] = [];
    for (const { projection, checkpoint } of live)
      verdicts.push(await verdictOn(client, projection, checkpoint, hidden));
    return verdicts;
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/**
 * Opens the transaction. The tables are locked before it sees anything, so that a rebuild that switches meanwhile cannot take them away; when one
 * was quicker, again.
 */
async function snapshot(client: pg.Client, projections: readonly Projection[]): Promise<Live[]> {
  for (;;) {
    const before = liveOnes(projections, await allCheckpoints(client));
    const tables = before.flatMap(({ checkpoint: { slot, tables: names } }) =>
      names.map((name) => tableIn(slot, name)),
    );
    await client.query('begin isolation level repeatable read');
    try {
      await client.query(`lock table ${tables.join(', ')} in access share mode`);
      const live = liveOnes(projections, await allCheckpoints(client));
      if (live.every(({ checkpoint }, i) => checkpoint.slot === before[i]?.checkpoint.slot)) return live;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== UNDEFINED_TABLE) throw error;
      await client.query('rollback');
      const standing = liveOnes(projections, await allCheckpoints(client));
      if (standing.every(({ checkpoint }, i) => checkpoint.slot === before[i]?.checkpoint.slot)) {
        throw new ReadModelError('read-models-differ', `a table of a read model is gone: ${error.message}`, {
          cause: error,
        });
      }
      continue;
    }
    await client.query('rollback');
  }
}

function liveOnes(projections: readonly Projection[], checkpoints: readonly Checkpoint[]): Live[] {
  return projections.map((projection) => {
    const checkpoint = checkpoints.find((each) => sameVersion(each, projection));
    if (checkpoint) return { projection, checkpoint };
    throw new ReadModelError(
      'read-models-not-live',
      `${projection.name} version ${projection.version} is not live: the projector of this release has not made it yet`,
    );
  });
}

async function verdictOn(
  client: pg.Client,
  { name, version, tables }: Projection,
  { slot, next }: Checkpoint,
  hidden: ReadonlySet<string>,
): Promise<Verdict> {
  const compared: ShownTable[] = [];
  for (const { name: table } of tables) {
    const verdict = await compareTable(client, table, tableIn(slot, table));
    compared.push({ ...verdict, shown: !hidden.has(table) });
  }
  return { name, version, position: next === 0n ? null : String(next - 1n), tables: compared };
}
