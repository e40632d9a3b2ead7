import { describe, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { ResolvedChange } from '../change-request/events.js';
import type { Halt, ReleasePolicyEvent } from './events.js';
import type { HaltRing, HaltSnaps } from './halting.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const snap = { format: 'snap', subject: 'id-of-lab-tool', name: 'lab-tool' };
const olga = byPerson('Olga', ['operator']);
const haltRing = (halt: string, context = olga): HaltRing => ({
  type: 'HaltRing',
  ring: 'pilot',
  halt,
  context,
});
const haltSnap = (halt: string, context = olga): HaltSnaps => ({
  type: 'HaltSnaps',
  ring: 'pilot',
  snaps: [snap],
  halt,
  context,
});
const made = (id: string): Halt => ({ id, at: olga.at, by: 'Olga', why: olga.reason.text });
const change = (halts: readonly string[]) => ({
  halt: made(halts.at(-1) ?? ''),
  old: halts.slice(0, -1),
  new: halts,
});
const ringHalted = (...halts: string[]): ReleasePolicyEvent => ({ type: 'RingHalted', data: change(halts) });
const snapHalted = (...halts: string[]): ReleasePolicyEvent => ({
  type: 'SnapHalted',
  data: { ...snap, ...change(halts) },
});
const apply = (changeRequest: string, ...changes: ResolvedChange[]): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes,
  context: byWorker('change-request/CR-1'),
});
const ringResumed: ReleasePolicyEvent = {
  type: 'RingResumed',
  data: { old: ['h1'], new: [], changeRequest: 'CR-1' },
};
const snapResumed: ReleasePolicyEvent = {
  type: 'SnapResumed',
  data: { ...snap, old: ['h1'], new: [], changeRequest: 'CR-1' },
};
const resumeRing: ResolvedChange = { kind: 'ring-halt', old: [made('h1')], new: [] };
const resumeSnap: ResolvedChange = { kind: 'halt', ...snap, old: [made('h1')], new: [] };

describe('a halt', () => {
  it('of a ring, or of a snap in it, is one operator’s, at once', () => {
    given().when(haltRing('h1')).then(ringHalted('h1'));
    given().when(haltSnap('h1')).then(snapHalted('h1'));
  });

  it('of what is halted already is another one, with a reason of its own', () => {
    given(ringHalted('h1')).when(haltRing('h2')).then(ringHalted('h1', 'h2'));
    given(snapHalted('h1')).when(haltSnap('h2')).then(snapHalted('h1', 'h2'));
  });

  it('R28: is of who is operator there', () => {
    const there = byPerson('Olga', ['operator@pilot']);
    given().when(haltRing('h1', there)).then(ringHalted('h1'));
    given().when(haltSnap('h1', there)).then(snapHalted('h1'));
    const elsewhere = byPerson('Olga', ['operator@production', 'author']);
    given().when(haltRing('h1', elsewhere)).thenRefused('operator-required');
    given().when(haltSnap('h1', elsewhere)).thenRefused('operator-required');
  });

  it('R26: is no author’s, no approver’s and no admin’s, nor a service’s', () => {
    for (const role of ['author', 'approver', 'admin', 'auditor'] as const)
      given()
        .when(haltRing('h1', byPerson('Anna', [role])))
        .thenRefused('operator-required');
    given()
      .when(haltSnap('h1', byWorker('anything')))
      .thenRefused('operator-required');
  });

  it('R04: says why', () => {
    const context = { ...olga, reason: { code: 'other', text: ' stop!    ' } };
    given().when(haltRing('h1', context)).thenRefused('reason-required');
  });

  it('is made twenty times at most', () => {
    const ids = Array.from({ length: 20 }, (_, n) => `h${n}`);
    given(...ids.map((_, n) => ringHalted(...ids.slice(0, n + 1))))
      .when(haltRing('one-more'))
      .thenRefused('too-many-halts');
  });

  it('of a name that two snaps had is of both', () => {
    const other = { ...snap, subject: 'id-of-another' };
    given()
      .when({ ...haltSnap('h1'), snaps: [snap, other] })
      .then(snapHalted('h1'), { type: 'SnapHalted', data: { ...other, ...change(['h1']) } });
  });

  it('shows the beginning of a long reason to whoever resumes', () => {
    const context = { ...olga, reason: { code: 'other', text: 'x'.repeat(2_000) } };
    const why = 'x'.repeat(200);
    given()
      .when(haltRing('h1', context))
      .then({ type: 'RingHalted', data: { ...change(['h1']), halt: { ...made('h1'), why } } });
  });
});

describe('to resume', () => {
  it('takes a change request, which names the halts that it ends', () => {
    given(ringHalted('h1')).when(apply('CR-1', resumeRing)).then(ringResumed);
    given(snapHalted('h1')).when(apply('CR-1', resumeSnap)).then(snapResumed);
  });

  it('is of nothing that was halted again since', () => {
    given(ringHalted('h1'), ringHalted('h1', 'h2'))
      .when(apply('CR-1', resumeRing))
      .thenRefused('expected-value-differs');
    given(snapHalted('h1'), snapHalted('h1', 'h2'))
      .when(apply('CR-1', resumeSnap))
      .thenRefused('expected-value-differs');
  });

  it('once is enough, and a halt after it is a new one', () => {
    given(ringHalted('h1'), ringResumed).when(apply('CR-1', resumeRing)).thenNothing();
    given(ringHalted('h1'), ringResumed).when(haltRing('h3')).then(ringHalted('h3'));
    given(snapHalted('h1'), snapResumed).when(haltSnap('h3')).then(snapHalted('h3'));
  });
});
