import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { Difference } from '#release-control/domain/change-request/difference';
import type { ChangeWindow } from '#release-control/domain/change-request/window';
import type { ControlUnderTest } from './control-under-test.js';
import { byPerson, byWorker } from './decider-specification.js';

export interface CapturedRequest {
  readonly id: string;
  readonly recordDigest: string;
}

/** A request that waits for a signature, as an author and the worker leave it. @param number of the year's requests @param more what else a signer is to see */
export async function capturedRequest(
  { adapters: { streams } }: ControlUnderTest,
  number: number,
  more: {
    readonly difference?: Difference;
    readonly window?: ChangeWindow;
    readonly supersedes?: string;
  } = {},
): Promise<CapturedRequest> {
  const { difference, window, supersedes } = more;
  const id = `CR-2026-${String(number).padStart(4, '0')}`;
  const stream = changeRequestStream(id);
  const [snap, channel] = ['lab-hello', 'latest/stable'];
  const item = { format: 'snap', name: snap, channel, version: '1' } as const;
  const context = byPerson('Ana', ['author']);
  const draft = {
    ...(window && { window }),
    ...(supersedes !== undefined && { supersedes }),
    type: 'DraftChange' as const,
    id,
    ring: 'default',
    items: [item],
    submit: true,
    context,
  };
  await streams.decideAndAppend(changeRequest, stream, draft);
  const target = { format: 'snap', subject: 'id-of-lab-hello', channel, architecture: 'amd64' };
  const change = {
    target,
    name: snap,
    old: null,
    new: { version: '1', manifest: 'a'.repeat(64) },
    ...(difference && { difference }),
  };
  const { state } = await streams.decideAndAppend(changeRequest, stream, {
    type: 'ReportCapture',
    submission: 1,
    changes: [change],
    context: byWorker(stream),
  });
  if (state.status !== 'captured') throw new Error(state.status);
  return { id, recordDigest: state.recordDigest };
}
