import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { Difference } from '#release-control/domain/change-request/difference';
import type { ChangeWindow } from '#release-control/domain/change-request/window';
import type { ControlUnderTest } from './control-under-test.js';
import { byPerson, byWorker } from './decider-specification.js';

export interface CapturedRequest {
  readonly id: string;
  readonly recordDigest: string;
}

/** What is asked for. */
export const ITEM = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1' } as const;

/** @param number of the year's requests */
export function requestId(number: number): string {
  return `CR-2026-${String(number).padStart(4, '0')}`;
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
  const id = requestId(number);
  const context = byPerson('Ana', ['author']);
  const draft = {
    ...(window && { window }),
    ...(supersedes !== undefined && { supersedes }),
    type: 'DraftChange' as const,
    id,
    ring: 'default',
    items: [ITEM],
    submit: true,
    context,
  };
  await streams.decideAndAppend(changeRequest, changeRequestStream(id), draft);
  return await reportCapture(streams, id, 1, difference);
}

/** What the worker reports of {@link ITEM}. @param submission counted from 1 @param difference from what the ring holds */
export async function reportCapture(
  streams: ControlUnderTest['adapters']['streams'],
  id: string,
  submission: number,
  difference?: Difference,
): Promise<CapturedRequest> {
  const { name, channel } = ITEM;
  const target = { format: 'snap', subject: 'id-of-lab-hello', channel, architecture: 'amd64' };
  const change = {
    target,
    name,
    old: null,
    new: { version: '1', manifest: 'a'.repeat(64) },
    ...(difference && { difference }),
  };
  const stream = changeRequestStream(id);
  const { state } = await streams.decideAndAppend(changeRequest, stream, {
    type: 'ReportCapture',
    submission,
    changes: [change],
    context: byWorker(stream),
  });
  if (state.status !== 'captured') throw new Error(state.status);
  return { id, recordDigest: state.recordDigest };
}
