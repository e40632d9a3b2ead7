import { recorded, type Decision } from './recorded.js';
import { isEmergency, type ChangeRequest, type Emergency } from './state.js';

/** Beside the status, which goes on: what was released is applied meanwhile. */
export function ratifying(
  state: ChangeRequest,
  data: Decision,
  ratification: Emergency['ratification'],
): ChangeRequest {
  if (!isEmergency(state) || state.emergency.ratification !== 'open')
    throw new Error('a change request of which no ratification is open cannot have been ratified');
  const { emergency } = state;
  const signature = recorded(data);
  return {
    ...state,
    signatures: [...state.signatures, signature],
    emergency: {
      ...emergency,
      ratification,
      signatures: [...emergency.signatures, signature],
      notCounted: data.notCounted ?? [],
    },
  };
}
