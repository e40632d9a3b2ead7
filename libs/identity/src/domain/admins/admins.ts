import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** An admin is about to be removed: `personRevision` is the number of the newest event of their history, in decimal, behind which the removal comes; `otherAdmins` could act without them. */
export type AdminRemovalReserved = DomainEvent<
  'AdminRemovalReserved',
  { readonly person: string; readonly personRevision: string; readonly otherAdmins: number }
>;

export interface ReserveAdminRemoval {
  /** Id of the account. */
  readonly person: string;
  /** The number of the newest event of their history. */
  readonly personRevision: bigint;
  readonly otherAdmins: number;
  readonly context: CommandContext;
}

/** The newest revision of each who was to be removed, by person id. */
export type AdminRemovals = ReadonlyMap<string, bigint>;

/** One register for the site: whoever removes an admin appends to it at the revision at which they counted, so that of two who count at the same moment one counts again (R28). */
export const ADMINS_STREAM = 'admins';

export const admins: Decider<ReserveAdminRemoval, AdminRemovalReserved, AdminRemovals> & {
  readonly versions: { readonly AdminRemovalReserved: 1 };
} = {
  initialState: new Map(),
  versions: { AdminRemovalReserved: 1 },
  decide: ({ person, personRevision, otherAdmins }) => [
    {
      type: 'AdminRemovalReserved',
      data: { person, personRevision: String(personRevision), otherAdmins },
    },
  ],
  evolve: (state, { data: { person, personRevision } }) => new Map(state).set(person, BigInt(personRevision)),
};

/**
 * Whether an admin's removal was reserved, and nothing has come of it yet. Anything that their history says since, as that they signed in, gives it up: the removal comes at that revision or not at all.
 * @param revision the number of the newest event of their history
 */
export function isBeingRemoved(state: AdminRemovals, person: string, revision: bigint): boolean {
  return state.get(person) === revision;
}
