import { BUILT_IN_POLICY } from '#release-control/domain/approval-policy/approval-policy';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releaseRecordOf } from '#release-control/domain/change-request/ratify';
import { releaseDigestOf } from '#release-control/domain/change-request/record';
import { isEmergency } from '#release-control/domain/change-request/state';
import { capturedRequest } from './captured-request.js';
import type { ControlUnderTest } from './control-under-test.js';
import { byPerson } from './decider-specification.js';

/** A request that somebody released, for others to ratify. @param number of the year's requests */
export async function releasedEmergency(
  control: ControlUnderTest,
  number: number,
): Promise<{ readonly id: string; readonly releaseDigest: string }> {
  const { id, recordDigest } = await capturedRequest(control, number);
  const context = byPerson('Eva', ['approver'], { auth: 'password' });
  const signature = {
    meaning: 'released',
    signer: 'id-of-Eva',
    printedName: 'Eva',
    signedAt: context.at,
    components: ['password'],
    credential: 'credential-1',
    recordDigest,
  } as const;
  const emergency = {
    onCall: [{ person: 'id-of-Eva', login: 'eva' }],
    snaps: 'all',
    ratifyWithinHours: 12,
  } as const;
  const policy = { ...BUILT_IN_POLICY, emergency };
  const command = { type: 'ReleaseEmergency', signature, policy, context } as const;
  const stream = changeRequestStream(id);
  const { state } = await control.adapters.streams.decideAndAppend(changeRequest, stream, command);
  if (state.status === 'none' || !isEmergency(state)) throw new Error(state.status);
  return { id, releaseDigest: releaseDigestOf(releaseRecordOf(state)) };
}
