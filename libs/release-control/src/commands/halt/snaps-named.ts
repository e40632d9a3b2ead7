import type { ReadModels } from '#platform/http/read-models';
import { ReleaseControlError } from '../../domain/errors.js';
import { namedIn, type ReleasePolicy } from '../../domain/release-policy/state.js';
import type { HaltedSnap } from './command.js';

/** As stores make them (protocol page, section 3). */
const SNAP_ID = /^[A-Za-z0-9]{32}$/;

/**
 * Which snaps somebody means who has no time to look: every one that the ring's policy, the devices or upstream have had by that name or that id. A name
 * may have been given to another snap meanwhile, and to halt one too many harms less than one too few. Upstream is not asked, it may be away.
 * @throws ReleaseControlError `snap-not-known`, `ambiguous-name`
 */
export async function snapsNamed(
  snap: string,
  policy: ReleasePolicy,
  readModels: ReadModels,
): Promise<readonly HaltedSnap[]> {
  const known = new Map([...inPolicy(snap, policy), ...(await seen(snap, readModels))]);
  const named = [...known].map(([snapId, name]) => ({ name, snapId, known: true }));
  if (SNAP_ID.test(snap) && !known.has(snap)) return [...named, { name: snap, snapId: snap, known: false }];
  if (named.length > 0) return named;
  throw new ReleaseControlError(
    'snap-not-known',
    `no snap ${snap} is known here: give its snap-id instead, which a device shows with "snap info --verbose ${snap}"`,
  );
}

/** By snap-id, the name. */
function inPolicy(word: string, policy: ReleasePolicy): (readonly [string, string])[] {
  return namedIn(policy)
    .filter(({ format, subject, name }) => format === 'snap' && (name === word || subject === word))
    .map(({ subject, name }) => [subject, name] as const);
}

/** Snaps that one name is looked for in; a name goes from one to another once in years. */
const MOST_SEEN = 20;

/** @throws ReleaseControlError `ambiguous-name` where there are more than are looked at: none is left out unsaid */
async function seen(word: string, readModels: ReadModels): Promise<(readonly [string, string])[]> {
  const rows = await readModels.query<{ readonly id: string; readonly name: string }>(
    `select snap_id as id, name from read.asked_snap_v1 where name = $1 or snap_id = $1
     union select snap_id, name from read.upstream_snap_v1 where name is not null and (name = $1 or snap_id = $1)
     union select snap_id, name from read.delivery_v3 where snap_id <> '' and (name = $1 or snap_id = $1)
     limit $2`,
    [word, MOST_SEEN + 1],
  );
  if (rows.length > MOST_SEEN)
    throw new ReleaseControlError(
      'ambiguous-name',
      `more than ${MOST_SEEN} snaps were called ${word}: give snap-ids`,
    );
  return rows.map(({ id, name }) => [id, name] as const);
}
