import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from './domain/change-request/change-request.js';
import { sameChoice } from './domain/change-request/captured-changes.js';
import type { OverrideChange } from './domain/change-request/events.js';
import { isEmergency, type ChangeRequest } from './domain/change-request/state.js';
import { ReleaseControlError } from './domain/errors.js';
import { releasePolicy, releasePolicyStream } from './domain/release-policy/release-policy.js';
import { requireServed } from './domain/release-policy/served.js';
import type { ReleasePolicy } from './domain/release-policy/state.js';
import { targetKey } from './release-target.js';

/**
 * What a promotion carries on may have been halted, blocked or denied since it was captured, or be in the earlier ring by an emergency that nobody has ratified: nobody
 * signs for it then, and nothing of it is applied.
 * @throws ReleaseControlError `not-a-promotion`
 */
export async function requireStillServed(writer: StreamWriter, request: ChangeRequest): Promise<void> {
  if (request.status === 'none' || !('changes' in request)) return;
  const carried = request.changes.filter((change) => change.kind === undefined && change.new !== null);
  const overrides = carried.filter((change): change is OverrideChange => change.kind === undefined);
  const subjects = overrides.map(({ name, target: { format, subject } }) => ({ format, subject, name }));
  for (const item of request.items) {
    if (item.kind !== 'promotion') continue;
    const { state } = await writer.load(releasePolicy, releasePolicyStream(item.from));
    requireServed(item.from, state, subjects);
    await requireRatified(writer, item.from, state, overrides);
  }
}

async function requireRatified(
  writer: StreamWriter,
  ring: string,
  policy: ReleasePolicy,
  carried: readonly OverrideChange[],
): Promise<void> {
  for (const id of policy.emergencies.keys()) {
    const { state } = await writer.load(changeRequest, changeRequestStream(id));
    if (!isEmergency(state) || state.emergency.ratification === 'ratified') continue;
    const released = new Map(
      state.changes.flatMap((change) =>
        change.kind === undefined ? [[targetKey(change.target), change.new] as const] : [],
      ),
    );
    const unratified = carried.find(({ target, new: choice }) => {
      const theirs = released.get(targetKey(target));
      return theirs !== undefined && sameChoice(theirs, choice);
    });
    if (unratified)
      throw new ReleaseControlError(
        'not-a-promotion',
        `${unratified.name} ${unratified.new?.version ?? ''} is in ring ${ring} by the emergency ${id}, whose ratification is ${state.emergency.ratification}: it goes no further before it is ratified`,
      );
  }
}
