import type { CommandContext, Decider } from '#kernel';
import type { VerificationEvent, Verified } from './events.js';
import type { Finding, Unsealed } from './finding.js';

/** What came of verifying the ledger, and of sealing it. */
export const LEDGER_STREAM = 'ledger';
/** Where it goes on when that stream itself was damaged: what cannot be read cannot be appended to, and that is when it has to be said. */
export const LEDGER_STREAM_AFTER_DAMAGE = 'ledger/after-damage';

/** All of it was looked at, and is as it was sealed. */
export interface RecordVerified {
  readonly type: 'RecordVerified';
  /** Decimal. */
  readonly entries: string;
  /** Base64. */
  readonly root: string;
  readonly seconds: number;
  /** Milliseconds from one whole verification to the next. */
  readonly everyMs: number;
  readonly context: CommandContext;
}

export interface RecordFindings {
  readonly type: 'RecordFindings';
  /** At least one. */
  readonly findings: readonly Finding[];
  /** How many there were beside these. */
  readonly more: number;
  readonly seconds: number;
  readonly context: CommandContext;
}

/** Whether what happened is sealed in time. */
export interface RecordSealing {
  readonly type: 'RecordSealing';
  /** Entries of the last checkpoint; decimal. */
  readonly sealed: string;
  /** The oldest event that waits longer than it should; null: none does. */
  readonly overdue: Unsealed | null;
  readonly context: CommandContext;
}

export interface Verification {
  /** The last whole verification that found nothing, as far as it was recorded. */
  readonly verified: Verified | null;
  /** What stands since then; null: nothing. */
  readonly failing: FailingState | null;
  /** Since when nothing is sealed, RFC 3339; null: it is. */
  readonly unsealedSince: string | null;
}

export interface FailingState {
  readonly since: string;
  readonly findings: readonly Finding[];
  readonly more: number;
}

/** A finding is told once, however often it is met, until the ledger was found whole again; so is that nothing is sealed (R39). */
export const verification: Decider<
  RecordVerified | RecordFindings | RecordSealing,
  VerificationEvent,
  Verification
> & { readonly versions: { readonly [Type in VerificationEvent['type']]: 1 } } = {
  initialState: { verified: null, failing: null, unsealedSince: null },
  versions: {
    LedgerVerified: 1,
    LedgerVerificationFailed: 1,
    LedgerVerificationRecovered: 1,
    CheckpointSigningFailed: 1,
    CheckpointSigningResumed: 1,
  },
  decide(command, state) {
    switch (command.type) {
      case 'RecordVerified':
        return verified(command, state);
      case 'RecordFindings': {
        const { findings, more, seconds, context } = command;
        if (state.failing && sameFindings(state.failing, command)) return [];
        return [{ type: 'LedgerVerificationFailed', data: { at: context.at, findings, more, seconds } }];
      }
      case 'RecordSealing': {
        const { sealed, overdue, context } = command;
        if ((overdue !== null) === (state.unsealedSince !== null)) return [];
        if (overdue) return [{ type: 'CheckpointSigningFailed', data: { at: context.at, sealed, overdue } }];
        return [{ type: 'CheckpointSigningResumed', data: { at: context.at, sealed } }];
      }
    }
  },
  evolve(state, { type, data }) {
    switch (type) {
      case 'LedgerVerified':
      case 'LedgerVerificationRecovered': {
        const { at, entries, root, seconds } = data;
        return { ...state, verified: { at, entries, root, seconds }, failing: null };
      }
      case 'LedgerVerificationFailed': {
        const since = state.failing?.since ?? data.at;
        return { ...state, failing: { since, findings: data.findings, more: data.more } };
      }
      case 'CheckpointSigningFailed':
        return { ...state, unsealedSince: data.overdue.at };
      case 'CheckpointSigningResumed':
        return { ...state, unsealedSince: null };
    }
  },
};

/** One event a period, however often it is looked at: a worker that is started again and again floods nothing. */
function verified(
  { entries, root, seconds, everyMs, context: { at } }: RecordVerified,
  state: Verification,
): readonly VerificationEvent[] {
  const data = { at, entries, root, seconds };
  if (state.failing)
    return [{ type: 'LedgerVerificationRecovered', data: { ...data, failedSince: state.failing.since } }];
  const since = state.verified === null ? Infinity : Date.parse(at) - Date.parse(state.verified.at);
  // Half of it: one look may take a little less than the one before. A clock that went back delays nothing.
  return since >= 0 && since < everyMs / 2 ? [] : [{ type: 'LedgerVerified', data }];
}

/** Whether it is the same that is wrong, though the sentences tell of a ledger that has grown meanwhile. */
function sameFindings(known: FailingState, { findings, more }: RecordFindings): boolean {
  const marks = (all: readonly Finding[]) =>
    all.map(({ check, kind, position = '' }) => `${check} ${kind} ${position}`).join('\n');
  return known.more === more && marks(known.findings) === marks(findings);
}

/**
 * Of what was recorded in both streams: that of the other one until what was told there is over, which is told there as well. The last whole verification is the
 * newest, wherever it was recorded.
 */
export function whatCounts(first: Verification, other: Verification): Verification {
  const { failing, unsealedSince } = isOver(other) ? first : other;
  const [newest = null] = [first, other]
    .flatMap(({ verified: each }) => each ?? [])
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { verified: newest, failing, unsealedSince };
}

/** Whether nothing that was told in a stream stands any more. */
export function isOver({ failing, unsealedSince }: Verification): boolean {
  return failing === null && unsealedSince === null;
}
