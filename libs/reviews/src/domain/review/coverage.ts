import { isSamePerson, type LinkedAccounts } from '#kernel';
import { ReviewsError } from '../errors.js';
import type { SignerNow } from './commands.js';
import { reviews } from './reviewers.js';
import { contentOf, type OpenReviewState, type ReviewSignature } from './state.js';

/**
 * The signatures that count: over the record as it is, each person's last, of somebody who still may review and was not reset since (R24, R27).
 * @param digest of the record as it is
 * @throws ReviewsError `signed-meanwhile` for a signer of whom nothing is given
 */
export function counted(
  { id, signatures }: OpenReviewState,
  digest: string,
  signersNow: ReadonlyMap<string, SignerNow>,
  linked: LinkedAccounts | undefined,
): readonly ReviewSignature[] {
  return signatures.filter(({ signer, recordDigest, resets = 0 }, i) => {
    const now = signersNow.get(signer);
    if (!now) throw new ReviewsError('signed-meanwhile', `somebody else signed ${id} just now: look again`);
    const last = !signatures.slice(i + 1).some((later) => isSamePerson(later.signer, signer, { linked }));
    return last && recordDigest === digest && now.resets === resets && reviews(now.roles);
  });
}

/**
 * Lines of an access review that nobody but the person whom they are about has signed for: nobody signs off their own rights alone. None for other kinds.
 * @param signers by id
 */
export function uncovered(
  review: OpenReviewState,
  signers: Iterable<string>,
  linked: LinkedAccounts | undefined,
): readonly number[] {
  const lines = contentOf(review, 'access')?.lines ?? [];
  const all = new Set(signers);
  return lines.flatMap(({ person }, i) =>
    [...all].some((signer) => !isSamePerson(signer, person, { linked })) ? [] : [i + 1],
  );
}

/** Lines of an access review that nobody has decided on. */
export function undecided(review: Pick<OpenReviewState, 'content' | 'decisions'>): readonly number[] {
  if (review.content.kind !== 'access') return [];
  const decided = new Set(review.decisions.map(({ line }) => line));
  return review.content.lines.flatMap((_line, i) => (decided.has(i + 1) ? [] : [i + 1]));
}

/**
 * Whether somebody has said what the verifier found of all that a periodic review lists: that it does not hold, or that so many entries hold, the last that is
 * listed among them. Always so of other kinds.
 */
export function isVerified(review: Pick<OpenReviewState, 'content' | 'findings'>): boolean {
  const { content, findings } = review;
  if (content.kind !== 'periodic') return true;
  return findings.some((finding) => {
    if (finding.kind !== 'verifier-result') return false;
    return (
      !finding.passed || content.lines.every(({ position }) => BigInt(position) < BigInt(finding.entries))
    );
  });
}

const MOST_NAMED = 20;

/** For a sentence. */
export function numbered(lines: readonly number[]): string {
  const named = lines.slice(0, MOST_NAMED).join(', ');
  return lines.length > MOST_NAMED ? `${named} and ${lines.length - MOST_NAMED} more` : named;
}

/** What somebody did in the range of a trail review themself, in whichever of their accounts (R13). @returns undefined: nothing */
export function actedIn(
  review: OpenReviewState,
  account: string,
  linked: LinkedAccounts | undefined,
): { readonly events: number } | undefined {
  const lines = contentOf(review, 'trail')?.lines ?? [];
  const own = lines.flatMap((line) =>
    line.of === 'actor' && isSamePerson(line.person, account, { linked }) ? [line.events] : [],
  );
  return own.length === 0 ? undefined : { events: own.reduce((sum, events) => sum + events, 0) };
}

/** Whether a person's signature is asked for: what is to be said before one is given may be missing still. */
export function isAskedOf(
  review: OpenReviewState,
  { id, roles }: { readonly id: string; readonly roles: readonly string[] },
  digest: string,
  signersNow: ReadonlyMap<string, SignerNow>,
  linked: LinkedAccounts | undefined,
): boolean {
  if (!reviews(roles)) return false;
  if (actedIn(review, id, linked)) return false;
  return !counted(review, digest, signersNow, linked).some(({ signer }) =>
    isSamePerson(signer, id, { linked }),
  );
}
