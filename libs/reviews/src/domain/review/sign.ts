import { isSamePerson, isSignedFor } from '#kernel';
import { ReviewsError } from '../errors.js';
import { meaningOf } from '../kinds.js';
import type { SignReview } from './commands.js';
import { actedIn, counted, isVerified, numbered, uncovered, undecided } from './coverage.js';
import type { ReviewEvent } from './events.js';
import { digestOf, RECORD_KIND } from './record.js';
import { requireReviewer } from './reviewers.js';
import type { OpenReviewState } from './state.js';

/**
 * A reviewer's signature. It completes the review, or says for which lines of it somebody else has to sign. One of who acted in the range of the trail
 * is refused, which is an event (R13).
 * @throws ReviewsError `not-a-reviewer`, `signature-required`, `record-changed`, `rights-changed`, `undecided-lines`, `verifier-result-missing`, `already-signed`
 */
export function sign(command: SignReview, review: OpenReviewState): ReviewEvent {
  const by = requireReviewer(command.context);
  const { signature, context } = command;
  const { linked } = context;
  const digest = requireSignature(command, review);
  const acted = actedIn(review, by.id, linked);
  if (acted) return { type: 'TrailReviewRefused', data: { by, events: acted.events } };
  requireNothingGained(command, review);
  requireComplete(review);
  const before = counted(review, digest, command.signersNow, linked).map(({ signer }) => signer);
  if (before.some((signer) => isSamePerson(signer, by.id, context)))
    throw new ReviewsError(
      'already-signed',
      `${by.name} has signed already: lines ${numbered(uncovered(review, before, linked))} are about them, and somebody else signs for those`,
    );
  const notCounted = [...new Set(review.signatures.map(({ signer }) => signer))].filter(
    (signer) => signer !== by.id && !before.includes(signer),
  );
  const left = uncovered(review, [...before, by.id], linked);
  if (left.length === 0)
    return { type: 'ReviewCompleted', data: { signature, notCounted, nextDue: review.nextDue } };
  const missing = [`a signature of somebody else for lines ${numbered(left)}, which are about ${by.name}`];
  return { type: 'ReviewSigned', data: { signature, notCounted, missing } };
}

/** @returns the digest of the record as it is */
function requireSignature({ signature, context }: SignReview, review: OpenReviewState): string {
  const { id, content } = review;
  const expected = { meaning: meaningOf(content.kind), recordKind: RECORD_KIND, record: id };
  if (!isSignedFor(context, signature, expected))
    throw new ReviewsError(
      'signature-required',
      `${id} is signed with the meaning "${expected.meaning}", with the password or a security key given again`,
    );
  const digest = digestOf(review);
  if (signature.recordDigest !== digest)
    throw new ReviewsError(
      'record-changed',
      `the record signed (${signature.recordDigest}) is not ${id} as it stands (${digest}); read it again`,
    );
  return digest;
}

const MOST_NAMED = 10;

/** Nobody signs that they looked at every right while there is one that they were not shown (R28). */
function requireNothingGained({ gained }: SignReview, { id, content }: OpenReviewState): void {
  if (gained.length === 0) return;
  const named = gained.slice(0, MOST_NAMED).map(({ position, what }) => `${what} (position ${position})`);
  const more = gained.length > MOST_NAMED ? `, and ${gained.length - MOST_NAMED} more` : '';
  throw new ReviewsError(
    'rights-changed',
    `rights have changed since position ${content.scope.size}, up to which ${id} lists them: ${named.join(', ')}${more}. Begin anew: "holdfast review withdraw ${id}", then "holdfast review access"`,
  );
}

function requireComplete(review: OpenReviewState): void {
  const open = undecided(review);
  if (open.length > 0)
    throw new ReviewsError(
      'undecided-lines',
      `nobody has decided on lines ${numbered(open)} of ${review.id}: keep or revoke each, then sign`,
    );
  if (!isVerified(review))
    throw new ReviewsError(
      'verifier-result-missing',
      `${review.id} says nothing of the history being verified up to the last event that it lists: "holdfast review verify" records what the verifier found`,
    );
}
