import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import type { Written } from '../domain/change-request/has-written.js';
import { ReleaseControlError } from '../domain/errors.js';
import { heldIn, type HeldNow } from '../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/** A hold as people name it. */
export interface GivenHold {
  readonly ring: string;
  readonly snap: string;
  /** Undefined: every channel in which it is held. */
  readonly channel: string | undefined;
}

/** All that is held under a name. @throws `no-such-ring`; ReleaseControlError `no-such-hold` */
export async function requireHeld(
  writer: StreamWriter,
  { ring, snap, channel }: GivenHold,
): Promise<readonly HeldNow[]> {
  await requireKnownRing(writer, ring);
  const { state } = await writer.load(releasePolicy, releasePolicyStream(ring));
  const held = heldIn(state).filter(
    ({ name, target }) => name === snap && (channel === undefined || target.channel === channel),
  );
  if (held.length === 0)
    throw new ReleaseControlError(
      'no-such-hold',
      `the ring ${ring} holds no ${snap}${channel === undefined ? '' : ` in ${channel}`}: "holdfast holds list" shows what it holds`,
    );
  return held;
}

/** Who wrote the requests by which something is held: of the streams. */
export async function whoWrote(writer: StreamWriter, held: readonly HeldNow[]): Promise<readonly Written[]> {
  const wrote: Written[] = [];
  for (const id of new Set(held.map(({ changeRequest: by }) => by))) {
    const { state } = await writer.load(changeRequest, changeRequestStream(id));
    if (state.status !== 'none') wrote.push(state);
  }
  return wrote;
}
