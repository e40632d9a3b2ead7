import { BUILT_IN_POLICY } from '#release-control/domain/approval-policy/approval-policy';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import type { ControlUnderTest } from './control-under-test.js';
import { byWorker } from './decider-specification.js';

/** Pre-authorises emergencies of all snaps in the ring `default` by one person, as the worker applies it. */
export async function preAuthorise(
  { adapters: { streams } }: ControlUnderTest,
  onCall: { readonly person: string; readonly login: string },
): Promise<void> {
  const { version: _, ...old } = BUILT_IN_POLICY;
  const emergency = { onCall: [onCall], snaps: 'all', ratifyWithinHours: 12 } as const;
  await streams.decideAndAppend(releasePolicy, releasePolicyStream('default'), {
    type: 'ApplyChange',
    changeRequest: 'CR-2026-0099',
    changes: [{ kind: 'approval-policy', old, new: { ...old, emergency } }],
    context: byWorker('change-request/CR-2026-0099'),
  });
}
