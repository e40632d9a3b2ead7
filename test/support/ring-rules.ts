import { rulesOf, type ApprovalRules } from '#release-control/domain/approval-policy/approval-policy';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import type { ControlUnderTest } from './control-under-test.js';
import { byWorker } from './decider-specification.js';

/** Pre-authorises emergencies of all snaps in the ring `default` by one person. */
export async function preAuthorise(
  control: ControlUnderTest,
  onCall: { readonly person: string; readonly login: string },
): Promise<void> {
  const emergency = { onCall: [onCall], snaps: 'all', ratifyWithinHours: 12 } as const;
  await apply(control, 'CR-2026-0099', (rules) => ({ ...rules, emergency }));
}

/** Asks for one of QA to review what the ring `default` is to get. */
export async function askForReview(control: ControlUnderTest): Promise<void> {
  const reviews = { persons: 1, roles: { qa: 1 }, order: 'any' } as const;
  await apply(control, 'CR-2026-0098', (rules) => ({ ...rules, default: { ...rules.default, reviews } }));
}

/** As the worker applies it. */
async function apply(
  { adapters: { streams } }: ControlUnderTest,
  changeRequest: string,
  change: (rules: ApprovalRules) => ApprovalRules,
): Promise<void> {
  const stream = releasePolicyStream('default');
  const old = rulesOf((await streams.load(releasePolicy, stream)).state.approval);
  await streams.decideAndAppend(releasePolicy, stream, {
    type: 'ApplyChange',
    changeRequest,
    changes: [{ kind: 'approval-policy', old, new: change(old) }],
    context: byWorker(`change-request/${changeRequest}`),
  });
}
