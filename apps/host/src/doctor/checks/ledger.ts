import path from 'node:path';
import type pg from 'pg';
import { sentenceOf } from '#kernel';
import { filesystemLogReader } from '#ledger/published';
import {
  decodeEntryBundle,
  entriesPath,
  noteVerifier,
  openCheckpoint,
  TILE_WIDTH,
  type Checkpoint,
} from '#tlog';
import { fail, ok, type Finding } from '../finding.js';

const WIDTH = BigInt(TILE_WIDTH);
const VERIFY =
  'stop the site, and look with "holdfast verify --database": nothing must be signed until it is known why';
export const RESTORE = "bring the ledger's folder back from a copy, or restore a backup";

export interface LedgerFolders {
  readonly ledger: string;
  readonly ledgerSecond: string;
}

/** What the two places say. `never`: neither has anything, as before the projector's first start, or after both were lost. */
export type Sealed = Checkpoint | 'never' | 'unknown';

/** The sealed state opens with the site's key, and the second place knows the same, or, after a crash, one from just before. */
export async function checkCheckpoints(
  { ledger, ledgerSecond }: LedgerFolders,
  vkey: string | undefined,
): Promise<{ readonly findings: Finding[]; readonly sealed: Sealed }> {
  const check = 'ledger: opens';
  if (vkey === undefined) {
    const todo = 'bring secrets/ledger.vkey back: without it nobody can tell whose ledger this is';
    return { findings: [fail(check, "the ledger's public key cannot be read", todo)], sealed: 'unknown' };
  }
  // The second is written after the first: read before it, it is never ahead, whatever the projector does meanwhile.
  const second = await open(ledgerSecond, vkey);
  const first = await open(ledger, vkey);
  if (first.kind === 'missing' && second.kind === 'missing') return { findings: [], sealed: 'never' };
  if (first.kind !== 'sealed') return { findings: [damaged(check, first.says, RESTORE)], sealed: 'unknown' };
  const opens = ok(check, `it is sealed at ${first.checkpoint.size} entries`);
  return { findings: [opens, judgeSecond(first.checkpoint, second)], sealed: first.checkpoint };
}

type Opened =
  | { readonly kind: 'sealed'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'missing' | 'wrong'; readonly says: string };

async function open(folder: string, vkey: string): Promise<Opened> {
  const file = path.join(folder, 'checkpoint');
  try {
    const note = await filesystemLogReader(folder).read('checkpoint');
    if (note === undefined) return { kind: 'missing', says: `${file} is missing` };
    return { kind: 'sealed', checkpoint: openCheckpoint(note, [noteVerifier(vkey)]) };
  } catch (error) {
    return { kind: 'wrong', says: `${file} is not the site's: ${sentenceOf(error)}` };
  }
}

function judgeSecond(first: Checkpoint, second: Opened): Finding {
  const check = 'ledger: second place';
  if (second.kind !== 'sealed')
    return damaged(check, second.says, "if only that folder was lost, copy the ledger's checkpoint there");
  const { size, root } = second.checkpoint;
  if (size > first.size)
    return damaged(
      check,
      `it knows ${size} entries, the ledger ${first.size}: the ledger was rolled back`,
      RESTORE,
    );
  if (size === first.size && !root.equals(first.root))
    return damaged(check, `it seals another history of ${size} entries than the ledger`, VERIFY);
  return ok(check, size === first.size ? 'it agrees' : `it is at ${size} entries, one seal behind at most`);
}

/**
 * The database still holds what was sealed: as many events, and the last sealed one byte for byte. Cheap: two reads. Every event is compared by
 * `holdfast verify --database`.
 */
export async function checkSealedEvents(
  client: pg.Client,
  folder: string,
  { size }: Checkpoint,
): Promise<Finding> {
  const check = 'ledger: events';
  const { rows: counted } = await client.query<{ last: string | null }>(
    'select max(e.position)::text as last from events.event e',
  );
  const events = BigInt(counted[0]?.last ?? '-1') + 1n;
  if (events < size) {
    return damaged(
      check,
      `the ledger seals ${size} events, the database has ${events}: it was rolled back`,
      'restore a backup: the tail is in the ledger',
    );
  }
  if (size === 0n) return ok(check, 'nothing is sealed yet');
  const last = size - 1n;
  const width = Number(size % WIDTH);
  const name = entriesPath(last / WIDTH, width === 0 ? TILE_WIDTH : width);
  const bundle = await filesystemLogReader(folder).read(name);
  if (bundle === undefined) return damaged(check, `the ledger's ${name} is missing`, RESTORE);
  const sealed = decodeEntryBundle(Buffer.from(bundle))[Number(last % WIDTH)];
  const { rows } = await client.query<{ bytes: Buffer }>(
    'select e.bytes from events.event e where e.position = $1',
    [String(last)],
  );
  if (sealed === undefined || rows[0]?.bytes.equals(sealed) !== true) {
    return damaged(check, `the database's event at position ${last} is not the one that was sealed`, VERIFY);
  }
  return ok(
    check,
    `the database has ${events}, and the last of the ${size} that are sealed as it was sealed`,
  );
}

export function damaged(check: string, says: string, todo: string): Finding {
  return { ...fail(check, says, todo), integrity: true };
}
