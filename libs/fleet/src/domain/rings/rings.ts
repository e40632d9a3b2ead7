import { actorName, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { FleetError } from '../../errors.js';

/** All rings of a site are one stream, since their order is theirs together. */
export const RINGS_STREAM = 'rings';

/** There is always this ring. */
export const DEFAULT_RING = 'default';

export const RING_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const RING_NAME_RULE =
  'must be 1 to 63 small letters, digits and "-", and begin with a letter or a digit';

/** Each has a policy of its own that somebody has to decide on; more are a mistake. */
const MOST_RINGS = 100;

/** Names, in the order in which releases go through them. */
export type Rings = readonly string[];

export type RingCreated = DomainEvent<
  'RingCreated',
  {
    readonly ring: string;
    /** All rings, in their order from now on. */
    readonly order: Rings;
  }
>;

export interface CreateRing {
  readonly type: 'CreateRing';
  readonly ring: string;
  /** The ring that comes after it; undefined: it is the last. */
  readonly before: string | undefined;
  readonly context: CommandContext;
}

/** @throws FleetError `operator-required`, `invalid-ring-name`, `ring-exists`, `no-such-ring`, `too-many-rings` */
function decide({ ring, before, context: { actor } }: CreateRing, rings: Rings): readonly RingCreated[] {
  if (actor.kind !== 'person' || !actor.roles.includes('operator'))
    throw new FleetError('operator-required', `${actorName(actor)} does not have the role operator`);
  if (!RING_NAME.test(ring)) throw new FleetError('invalid-ring-name', `${ring} ${RING_NAME_RULE}`);
  if (rings.includes(ring)) throw new FleetError('ring-exists', `there is a ring ${ring} already`);
  if (before !== undefined) requireRing(rings, before);
  if (rings.length >= MOST_RINGS)
    throw new FleetError('too-many-rings', `there are ${rings.length} rings: that is all there may be`);
  const at = before === undefined ? rings.length : rings.indexOf(before);
  return [{ type: 'RingCreated', data: { ring, order: rings.toSpliced(at, 0, ring) } }];
}

/** @throws FleetError `no-such-ring` */
export function requireRing(rings: Rings, ring: string): void {
  if (rings.includes(ring)) return;
  throw new FleetError('no-such-ring', `there is no ring ${ring}: there are ${rings.join(', ')}`);
}

export const rings: Decider<CreateRing, RingCreated, Rings> & { readonly versions: { RingCreated: 1 } } = {
  initialState: [DEFAULT_RING],
  versions: { RingCreated: 1 },
  decide,
  evolve: (_state, { data }) => data.order,
};
