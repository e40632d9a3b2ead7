import type { ReadModels } from '#platform/http/read-models';
import { ReleaseControlError } from '../../domain/errors.js';
import type { ReleasePolicy } from '../../domain/release-policy/state.js';
import type { Subject } from '../../release-target.js';

/** As stores make them (protocol page, section 3). */
const SNAP_ID = /^[A-Za-z0-9]{32}$/;

/**
 * Which snap somebody means who has no time to look: upstream is not asked, it may be away. What the ring's policy calls so counts first, then what
 * devices were offered, and what was looked at upstream, under that name.
 * @throws ReleaseControlError `snap-not-known`, `ambiguous-name`
 */
export async function subjectNamed(
  snap: string,
  policy: ReleasePolicy,
  readModels: ReadModels,
): Promise<Subject & { readonly name: string }> {
  if (SNAP_ID.test(snap)) return { format: 'snap', subject: snap, name: snap };
  const inPolicy = idsInPolicy(snap, policy);
  const ids = inPolicy.length > 0 ? inPolicy : await idsSeen(snap, readModels);
  const [subject, another] = ids;
  if (subject === undefined)
    throw new ReleaseControlError(
      'snap-not-known',
      `no snap ${snap} is known here: give its snap-id instead, which a device shows with "snap info --verbose ${snap}"`,
    );
  if (another !== undefined)
    throw new ReleaseControlError(
      'ambiguous-name',
      `more than one snap was called ${snap}: give the snap-id, ${ids.join(' or ')}`,
    );
  return { format: 'snap', subject, name: snap };
}

function idsInPolicy(name: string, { overrides, listed, blocked, halted }: ReleasePolicy): string[] {
  const held = [...overrides.values()].map((each) => ({ name: each.name, ...each.target }));
  const all = [...held, ...listed.values(), ...blocked.values(), ...halted.values()];
  const called = all.filter((each) => each.format === 'snap' && each.name === name);
  return [...new Set(called.map(({ subject }) => subject))];
}

async function idsSeen(name: string, readModels: ReadModels): Promise<string[]> {
  const rows = await readModels.query<{ readonly id: string }>(
    `select snap_id as id from read.asked_snap_v1 where name = $1
     union select snap_id from read.upstream_snap_v1 where name = $1
     union select snap_id from read.delivery_v2 where name = $1 and snap_id <> ''
     limit 10`,
    [name],
  );
  return rows.map(({ id }) => id);
}
