import type { ReadModels } from '#platform/http/read-models';
import type { ChangeRequest } from '../domain/change-request/state.js';
import { ReleaseControlError } from '../domain/errors.js';
import type { HistoryLine } from '../projections/change-requests/projection.js';

/** A request as the read model has it. */
export interface ChangeRequestRow {
  readonly state: Exclude<ChangeRequest, { status: 'none' }>;
  readonly history: readonly HistoryLine[];
}

/** @throws ReleaseControlError `no-such-change-request`; HttpError `not-yet-projected`, `unavailable` */
export async function changeRequestRow(readModels: ReadModels, id: string): Promise<ChangeRequestRow> {
  const [row] = await readModels.query<ChangeRequestRow>(
    'select state, history from read.change_request_v9 where id = $1',
    [id],
  );
  if (!row) throw new ReleaseControlError('no-such-change-request', `there is no change request ${id}`);
  return row;
}
