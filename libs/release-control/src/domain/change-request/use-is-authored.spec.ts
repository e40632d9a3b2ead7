import { expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { ApproveChange } from './commands.js';
import {
  captured,
  drafted,
  notApplied,
  recordDigest,
  signatureBy,
  signed,
  submitted,
  use,
} from './testing/a-standard-change.js';

const { given } = specify(changeRequest);
const policy = { ...use.policy, authored: true as const };

it('R26: the use of a template is the signature of its author in a ring that asks for one', () =>
  given(drafted)
    .when({ ...use, policy })
    .then(signed, submitted));

it('R26: it stays so where the template does not apply, for as long as its signer is that author', () => {
  const approve = (resets: number): ApproveChange => ({
    type: 'ApproveChange',
    signature: { ...signatureBy('Zoe', recordDigest), meaning: 'approved' },
    policy,
    signersNow: new Map([['id-of-Uma', { roles: ['author', 'approver'], resets }]]),
    context: byPerson('Zoe', ['approver'], { auth: 'password' }),
  });
  const inReview = [drafted, signed, submitted, captured, notApplied()];
  expect(changeRequest.decide(approve(0), fold(changeRequest, inReview))).toMatchObject([
    { data: { signature: { signer: 'id-of-Zoe' } } },
  ]);
  given(...inReview)
    .when(approve(1))
    .thenRefused('author-signature-required');
});
