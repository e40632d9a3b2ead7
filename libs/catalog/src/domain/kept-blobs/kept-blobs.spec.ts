import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { keptBlobs, type KeptBlobDamaged, type KeptBlobRestored } from './kept-blobs.js';

const context = byWorker('kept-blobs');
const damage = { digest: 'ab'.repeat(32), size: '17', why: 'its content has another SHA-256' };
const damaged: KeptBlobDamaged = { type: 'KeptBlobDamaged', data: damage };
const restored: KeptBlobRestored = { type: 'KeptBlobRestored', data: { digest: damage.digest } };
const report = { type: 'ReportDamage', damage, context } as const;
const healed = { type: 'ReportRestored', digest: damage.digest, context } as const;
const { given } = specify(keptBlobs);

describe('what is kept', () => {
  it('is damaged once', () => given().when(report).then(damaged));
  it('is not damaged again for being looked at again', () => given(damaged).when(report).thenNothing());
  it('is whole again', () => given(damaged).when(healed).then(restored));
  it('is whole again once', () => given(damaged, restored).when(healed).thenNothing());
  it('was never damaged: nothing is restored', () => given().when(healed).thenNothing());
  it('is damaged a second time after it was whole', () =>
    given(damaged, restored).when(report).then(damaged));
});
