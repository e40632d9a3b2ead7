import { createHash } from 'node:crypto';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequestCommand } from '#release-control/domain/change-request/commands';
import { ITEM, reportCapture, requestId, type CapturedRequest } from './captured-request.js';
import type { ControlUnderTest } from './control-under-test.js';
import { byPerson } from './decider-specification.js';

/**
 * A request that waits for a signature and says all that one can: of its second revision, with another author than it was drafted by.
 * @param number of the year's requests @param decide what becomes of the first revision
 */
export async function revisedRequest(
  { adapters: { streams } }: ControlUnderTest,
  number: number,
  decide: (first: CapturedRequest) => Promise<void>,
): Promise<CapturedRequest> {
  const id = requestId(number);
  const stream = changeRequestStream(id);
  const [ana, eva] = [byPerson('Ana', ['author']), byPerson('Eva', ['author'])];
  const said = {
    items: [ITEM],
    window: { notAfter: '2026-12-24T08:00:00.000Z' },
    ticket: { system: 'jira', id: 'OPS-1', url: 'https://tickets.example/OPS-1' },
    stages: [{ ring: 'production', soakHours: 24, verified: true }],
    supersedes: 'CR-2026-0002',
  };
  const tell = (command: ChangeRequestCommand) => streams.decideAndAppend(changeRequest, stream, command);
  const attach = (name: string) => {
    const digest = (algorithm: string) => createHash(algorithm).update(name).digest('hex');
    const digests = { attachment: digest('sha256'), sha3_384: digest('sha3-384') };
    const file = { name, mediaType: 'text/plain', size: name.length, ...digests };
    return tell({ type: 'AttachFile', file, context: eva });
  };
  const capture = async (submission: number): Promise<CapturedRequest> => {
    await tell({ type: 'SubmitChange', context: eva });
    return await reportCapture(streams, id, submission);
  };
  await tell({ type: 'DraftChange', id, ring: 'default', submit: false, ...said, context: ana });
  const to = { id: 'id-of-Eva', name: 'Eva', roles: ['author'] };
  const admin = byPerson('Dan', ['admin']);
  await tell({ type: 'HandOverChange', to, authorIsDisabled: true, context: admin });
  await attach('test-report.txt');
  await decide(await capture(1));
  const { items, window } = said;
  const context = { ...eva, reason: { code: 'other', text: 'said again, in other words' } };
  await tell({ type: 'ReviseChange', applied: false, submit: false, items, window, context });
  await attach('another-report.txt');
  const captured = await capture(2);
  // What comes after it was handed in is in no record.
  await attach('photograph.txt');
  return captured;
}
