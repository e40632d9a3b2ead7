import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { isAllowed } from '../../domain/change-request/allowed.js';
import { ReleaseControlError } from '../../domain/errors.js';

/**
 * Whoever names what could not be superseded is told before anything is drafted: what counts is how it stands when the successor is approved.
 * @throws ReleaseControlError `no-such-change-request`, `not-supersedable`
 */
export async function requireSupersedable(writer: StreamWriter, ring: string, id: string): Promise<void> {
  const { state } = await writer.load(changeRequest, changeRequestStream(id));
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', `there is no change request ${id}`);
  if (state.ring !== ring)
    throw new ReleaseControlError('not-supersedable', `${id} is for the ring ${state.ring}, not for ${ring}`);
  if (!isAllowed(state, 'SupersedeChange'))
    throw new ReleaseControlError(
      'not-supersedable',
      `${id} is ${state.status}: it is not superseded any more`,
    );
}
