import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { changeRequest } from '../change-request/change-request.js';
import type { ChangeRequestEvent, OverrideChange, ResolvedChange } from '../change-request/events.js';
import { digestOf } from '../change-request/record.js';
import type { ChangeRequest } from '../change-request/state.js';
import { ana, approval, author } from '../change-request/testing/one-request.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy } from './release-policy.js';
import type { ReleasePolicy } from './state.js';
import { requireInForce, wayBack } from './way-back.js';

const target = { format: 'snap', subject: 'labtool', channel: 'latest/stable', architecture: 'amd64' };
const choice = (version: string) => ({ version, manifest: version.padStart(64, '0') });
const change: OverrideChange = { target, name: 'lab-tool', old: choice('11'), new: choice('12') };

function request(status: 'captured' | 'effective', ...changes: readonly ResolvedChange[]): ChangeRequest {
  const draft = { id: 'CR-2026-0001', ring: 'default', author, reason: ana.reason, items: [] };
  const recordDigest = digestOf({ ...draft, submittedAt: ana.at, changes });
  const history: ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: draft },
    { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } },
    { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
    ...(status === 'captured'
      ? []
      : ([
          { type: 'ChangeApproved', data: approval },
          { type: 'ChangeApplied', data: { policy: 'release-policy/default' } },
        ] as const)),
  ];
  return fold(changeRequest, history);
}

const holding = (version: string) => {
  const data = { target, name: 'lab-tool', old: null, new: choice(version), changeRequest: 'CR-2026-0001' };
  return fold(releasePolicy, [{ type: 'OverrideSet', data } satisfies ReleasePolicyEvent]);
};

const back = (state: ChangeRequest, policy: ReleasePolicy) => wayBack(requireInForce(state), policy);

describe('the way back from a change', () => {
  it('leads to what the ring had before, and says what it has now', () =>
    expect(back(request('effective', change), holding('12'))).toEqual([
      { name: 'lab-tool', target, from: '12', to: '11', inForce: '12', movedOn: false, epochs: 'unknown' },
    ]));

  it('leads to upstream where nothing was held', () =>
    expect(back(request('effective', { ...change, old: null }), holding('12'))).toMatchObject([
      { to: null, movedOn: false },
    ]));

  it('says where somebody changed it since', () =>
    expect(back(request('effective', change), holding('13'))).toMatchObject([
      { inForce: '13', movedOn: true },
    ]));

  it('has the epochs that the record compared, the other way round', () => {
    const lines = [{ what: 'epoch', old: '0', new: '1*' }];
    const epochs = (difference: OverrideChange['difference'] & object) =>
      back(request('effective', { ...change, difference }), holding('12')).map((way) => way.epochs);
    expect(epochs({ lines, marks: [] })).toEqual([{ from: '1*', to: '0' }]);
    expect(epochs({ lines: [], marks: [] })).toEqual(['same']);
    expect(epochs({ lines: [], marks: [], omitted: 3 })).toEqual(['unknown']);
  });

  it('is none from what never took effect, or changed no override', () => {
    expect(() => back(request('captured', change), holding('11'))).toThrow(
      expect.objectContaining({ code: 'not-allowed-in-status' }),
    );
    const access: ResolvedChange = { kind: 'access', old: 'open', new: 'gated' };
    expect(() => back(request('effective', access), holding('11'))).toThrow(
      expect.objectContaining({ code: 'nothing-to-roll-back' }),
    );
    expect(() => back(changeRequest.initialState, holding('11'))).toThrow(
      expect.objectContaining({ code: 'no-such-change-request' }),
    );
  });
});
