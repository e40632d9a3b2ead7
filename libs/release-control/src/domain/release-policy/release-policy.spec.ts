import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import type { Choice, ResolvedChange } from '../change-request/events.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const target = (architecture: string) => ({
  format: 'snap',
  subject: 'id-of-lab-hello',
  channel: 'latest/stable',
  architecture,
});
const one: Choice = { version: '1', manifest: 'a'.repeat(64) };
const two: Choice = { version: '2', manifest: 'b'.repeat(64) };
const change = (architecture: string, from: Choice | null, to: Choice | null): ResolvedChange => ({
  target: target(architecture),
  name: 'lab-hello',
  old: from,
  new: to,
});
const set = (
  architecture: string,
  from: Choice | null,
  to: Choice,
  changeRequest: string,
): ReleasePolicyEvent => ({
  type: 'OverrideSet',
  data: { target: target(architecture), name: 'lab-hello', old: from, new: to, changeRequest },
});
const apply = (changeRequest: string, ...changes: ResolvedChange[]): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes,
  context: byWorker(`change-request/${changeRequest}`),
});

describe('applying an approved change', () => {
  it('sets every override of the batch in one append', () =>
    given()
      .when(apply('CR-1', change('amd64', null, one), change('arm64', null, one)))
      .then(set('amd64', null, one, 'CR-1'), set('arm64', null, one, 'CR-1')));
  it('records the old choice beside the new one', () =>
    given(set('amd64', null, one, 'CR-1'))
      .when(apply('CR-2', change('amd64', one, two)))
      .then(set('amd64', one, two, 'CR-2')));
  it('gives a target back to upstream', () =>
    given(set('amd64', null, one, 'CR-1'))
      .when(apply('CR-2', change('amd64', one, null)))
      .then({
        type: 'OverrideRemoved',
        data: { target: target('amd64'), name: 'lab-hello', old: one, new: null, changeRequest: 'CR-2' },
      }));
  it('again, after a crash, changes nothing', () =>
    given(set('amd64', null, one, 'CR-1'))
      .when(apply('CR-1', change('amd64', null, one)))
      .thenNothing());
  it('applies nothing of a batch when one target moved', () =>
    given(set('arm64', null, two, 'CR-1'))
      .when(apply('CR-2', change('amd64', null, one), change('arm64', null, one)))
      .thenRefused('expected-value-differs'));
  it('finds a moved target also where the version is equal but the capture is another', () =>
    given(set('amd64', null, one, 'CR-1'))
      .when(apply('CR-2', change('amd64', { version: '1', manifest: 'c'.repeat(64) }, two)))
      .thenRefused('expected-value-differs'));
});
