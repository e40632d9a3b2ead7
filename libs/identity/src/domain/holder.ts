/** Who has what is one person's at a time, and whose stream is named by it, so that two cannot claim it at once. */
export interface Holder {
  /** Id of the person; null: nobody has claimed it. */
  readonly person: string | null;
  /** Ids of those whose claim was refused. */
  readonly contestedBy: readonly string[];
}

export const NOBODY: Holder = { person: null, contestedBy: [] };

/**
 * What comes of a person's claim. A refusal is recorded once for each.
 * @param givenUpBy who claimed it and does not have it any more; null: nobody
 * @returns whose it is, where it is refused; null for the holder: it is the person's now; undefined: nothing is new
 */
export function claimBy(
  person: string,
  { person: holder, contestedBy: others }: Holder,
  givenUpBy: string | null = null,
): { readonly holder: string | null } | undefined {
  if (holder === person) return undefined;
  if (holder === null || holder === givenUpBy) return { holder: null };
  return others.includes(person) ? undefined : { holder };
}

export function claimedBy(person: string, before: Holder): Holder {
  return { ...before, person };
}

export function contestedBy(person: string, before: Holder): Holder {
  return { ...before, contestedBy: [...before.contestedBy, person] };
}
