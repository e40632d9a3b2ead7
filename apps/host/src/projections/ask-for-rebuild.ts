import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import { ReadModelError } from '#platform/read-models/errors';
import { FOR_ITS_NAME } from '#release-control/policy-document/policy-document-projection';
import { allProjections, chosen } from './projections.js';

const LOOK_EVERY_MS = 200;
/** A projector looks every second; one that starts is at it first of all. */
const TAKEN_UP_WITHIN_MS = 30_000;

interface Row {
  readonly state: 'asked' | 'running' | 'done' | 'failed';
  readonly position: string | null;
  readonly detail: string | null;
  /** Somebody's, this one or one before it. */
  readonly busy: boolean;
}

/**
 * Asks the projector to rebuild, and waits until it has: it alone may write read models, holds the lease, and signs policies.
 * @param names none: all
 * @param patienceMs how long it may take until a projector begins
 * @throws ReadModelError `no-such-read-model`, `rebuild-failed`, `no-projector`: then it stays asked for
 */
export async function askForRebuild(
  ownerUrl: string,
  names: readonly string[],
  print: (line: string) => void,
  patienceMs = TAKEN_UP_WITHIN_MS,
): Promise<void> {
  const ours = allProjections(FOR_ITS_NAME);
  const asked = chosen(ours, names).map(({ name }) => name);
  const ask = async (client: pg.Client): Promise<void> => {
    const inserted = await client.query<{ id: string }>(
      'insert into read.rebuild_request (names) values ($1) returning id::text',
      [asked],
    );
    await follow(client, inserted.rows[0]?.id ?? '', { asked, print, patienceMs });
  };
  await withClient(ownerUrl, ask, NO_TIME_OUT);
}

async function follow(
  client: pg.Client,
  id: string,
  {
    asked,
    print,
    patienceMs,
  }: {
    readonly asked: readonly string[];
    readonly print: (line: string) => void;
    readonly patienceMs: number;
  },
): Promise<void> {
  const giveUp = performance.now() + patienceMs;
  let said = '';
  for (;;) {
    const row = await look(client, id);
    const now = row.state === 'running' && row.position ? `at position ${row.position}` : row.state;
    if (now !== said && row.state === 'running') print(`rebuilds ${asked.join(', ')}: ${now}`);
    said = now;
    if (row.state === 'done') {
      print(`rebuilt ${asked.join(', ')}, switched at position ${row.position}`);
      return;
    }
    if (row.state === 'failed')
      throw new ReadModelError('rebuild-failed', `the projector could not rebuild: ${row.detail}`);
    if (row.state === 'asked' && !row.busy && performance.now() > giveUp) {
      throw new ReadModelError(
        'no-projector',
        'no projector has begun: is the site up? It stays asked for, and is done when one starts',
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}

async function look(client: pg.Client, id: string): Promise<Row> {
  const { rows } = await client.query<Row>(
    `select state, position::text, detail,
       exists (select from read.rebuild_request where state = 'running') as busy
     from read.rebuild_request where id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error('the request to rebuild is gone from the database');
  return rows[0];
}
