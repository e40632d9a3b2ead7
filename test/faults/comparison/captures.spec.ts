import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { compareCaptures } from './captures.js';
import { History, type Happened } from './history.js';

/** A request for one revision, and how its capture ended. */
function findings(version: string | null, type: string, data: object): readonly string[] {
  const history = new History();
  const happened = [
    ['ChangeDrafted', { ring: 'default', items: [{ name: 'lab-hello', channel: 'latest/stable', version }] }],
    [type, data],
  ] as const;
  for (const [position, [name, content]] of happened.entries()) {
    const envelope = { type: name, stream: 'change-request/CR-2026-0001', data: content };
    history.events.push({ position, envelope } as unknown as Happened);
  }
  const found = new Findings();
  compareCaptures(history, found);
  return found.all;
}

const refusedFor = (...codes: string[]) => ({ failures: codes.map((code) => ({ code })) });

describe('captures against what upstream has', () => {
  it('has nothing to say of what is as it must be', () => {
    expect(findings('1', 'ArtefactsCaptured', {})).toEqual([]);
    expect(findings('99', 'CaptureRefused', refusedFor('revision-not-found'))).toEqual([]);
  });

  it('wants what was tampered with to be refused as such', () => {
    expect(findings('9020001', 'CaptureRefused', refusedFor('tampered-artefact'))).toEqual([]);
    expect(findings('9020001', 'CaptureRefused', refusedFor('revision-not-found'))).toHaveLength(1);
  });

  it('allows that what nobody holds cannot be given back', () => {
    expect(findings(null, 'CaptureRefused', refusedFor('no-such-override'))).toEqual([]);
    expect(findings(null, 'CaptureRefused', refusedFor('internal-error'))).toHaveLength(1);
    expect(findings('1', 'CaptureRefused', refusedFor('nothing-to-change'))).toHaveLength(1);
  });

  it.each([
    ['a good capture that was refused', '1', 'CaptureRefused', refusedFor('internal-error'), /was refused/],
    ['a refusal for another reason', '99', 'CaptureRefused', refusedFor('internal-error'), /was refused/],
    ['a capture of what is not there', '99', 'ArtefactsCaptured', {}, /was captured/],
    ['a capture of what was tampered with', '9020001', 'ArtefactsCaptured', {}, /was captured/],
    ['a blob that was damaged', '1', 'KeptBlobDamaged', { digest: 'ab' }, /a kept blob was damaged/],
  ])('finds %s', (_name, version, type, data, says) => {
    expect(findings(version, type, data).join('\n')).toMatch(says);
  });
});
