import { expect, it } from 'vitest';
import { fold, isAsHeld } from '#kernel';
import type { Template } from '../template/template.js';
import { template } from './testing/a-standard-change.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { changeRequest } from './change-request.js';
import { digestOf } from './record.js';
import { statedOfChangeRequest } from './stated-before.js';
import { approval, ana, draftedData, submitted } from './testing/one-request.js';

it('what was expected of one template is held against what was captured of that one', () => {
  const named = (name: string): Template => ({ ...template, name });
  const changes: readonly ResolvedChange[] = ['first', 'second'].map((name) => {
    return { kind: 'template', name, old: named(name), new: { ...named(name), mostTargets: 1 } };
  });
  const recordDigest = digestOf({ ...draftedData, submittedAt: ana.at, changes });
  const history: readonly ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: draftedData },
    submitted,
    { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
    { type: 'ChangeApproved', data: { ...approval, signature: { ...approval.signature, recordDigest } } },
  ];
  const mismatches = ['first', 'second'].map((name) => {
    return { kind: 'template', name, expected: named(name), found: null } as const;
  });
  const rule = statedOfChangeRequest.ChangeBecameStale;
  if (typeof rule !== 'function') throw new Error('it says what was expected');
  const stated = rule({ mismatches }, fold(changeRequest, history));
  expect(stated.map(isAsHeld)).toEqual([true, true]);
});
