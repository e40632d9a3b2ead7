import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { tokenSubmissions, type SubmissionClaimed } from './token-submissions.js';

const { given } = specify(tokenSubmissions);
const context = byPerson('Ana', ['author']);
const claimed = (digest: string, changeRequest: string): SubmissionClaimed => {
  return { type: 'SubmissionClaimed', data: { digest, changeRequest } };
};

describe('claiming a submission', () => {
  it('is recorded with the number that it gets', () =>
    given()
      .when({ digest: 'a', instead: null, changeRequest: 'CR-2026-0001', context })
      .then(claimed('a', 'CR-2026-0001')));

  it('replaces the claim that was seen', () =>
    given(claimed('a', 'CR-2026-0001'))
      .when({ digest: 'a', instead: 'CR-2026-0001', changeRequest: 'CR-2026-0007', context })
      .then(claimed('a', 'CR-2026-0007')));

  it('does not replace one that came meanwhile', () => {
    given(claimed('a', 'CR-2026-0001'))
      .when({ digest: 'a', instead: null, changeRequest: 'CR-2026-0002', context })
      .thenNothing();
    given(claimed('a', 'CR-2026-0001'), claimed('a', 'CR-2026-0003'))
      .when({ digest: 'a', instead: 'CR-2026-0001', changeRequest: 'CR-2026-0004', context })
      .thenNothing();
  });

  it('has nothing to do with other bodies', () =>
    given(claimed('a', 'CR-2026-0001'))
      .when({ digest: 'b', instead: null, changeRequest: 'CR-2026-0002', context })
      .then(claimed('b', 'CR-2026-0002')));

  it('remembers the last 500', () => {
    const many = Array.from({ length: 600 }, (_, i) => claimed(`digest-${i}`, `CR-2026-${i}`));
    const state = fold(tokenSubmissions, [...many, claimed('digest-100', 'CR-2026-600')]);
    expect(state.size).toBe(500);
    expect(state.has('digest-101')).toBe(true);
    expect(state.has('digest-99')).toBe(false);
    expect([...state].at(-1)).toEqual(['digest-100', 'CR-2026-600']);
  });
});
