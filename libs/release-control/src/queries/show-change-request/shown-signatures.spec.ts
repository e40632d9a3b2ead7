import { describe, expect, it } from 'vitest';
import type { RecordedSignature } from '../../domain/signature.js';
import { shownSignatures } from './shown-signatures.js';

const by = (
  signer: string,
  meaning: RecordedSignature['meaning'],
  ...roles: string[]
): RecordedSignature => ({
  meaning,
  signer,
  printedName: signer,
  signedAt: '2026-11-24T08:00:00.000Z',
  components: ['password'],
  credential: 'credential-1',
  recordDigest: '0'.repeat(64),
  roles,
});
const counts = (signatures: readonly RecordedSignature[], ...notCounted: string[]) =>
  shownSignatures(signatures, notCounted).map((each) => each.counts);

describe('R17: of the signatures of a request', () => {
  const first = by('ben', 'approved', 'approver');
  const eva = by('eva', 'approved', 'qa');

  it('each is shown, in its place, and whether it counts', () => {
    expect(shownSignatures([first, eva], ['ben'])).toEqual([
      { ...first, counts: false },
      { ...eva, counts: true },
    ]);
  });
  it('the last of somebody who signed again counts, if any', () => {
    const again = by('ben', 'approved', 'qa');
    expect(counts([first, eva, again])).toEqual([false, true, true]);
    expect(counts([first, eva, again], 'ben')).toEqual([false, true, false]);
    expect(counts([first, by('ben', 'rejected', 'approver')])).toEqual([false, true]);
  });
});
