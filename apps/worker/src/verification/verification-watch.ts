import { setTimeout as pause } from 'node:timers/promises';
import { decodeEvent, type Clock } from '#kernel';
import type { Unsealed } from '#ledger/domain/verification/finding';
import type { Verification } from '#ledger/domain/verification/verification';
import { LedgerVerifier, type Outcome, type VerifiedParts } from '#ledger/verifier/ledger-verifier';
import type { KnownState } from '#ledger/verifier/walk';
import type { VerificationRecord } from '#ledger/verifier/verification-record';
import { EventStoreError } from '#event-store/port';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import type { Watching } from '../watch.js';
import type { VerificationMetrics } from './verification-metrics.js';

export interface VerificationSettings {
  /** Milliseconds from one look at everything to the next. */
  readonly everyMs: number;
  /** Milliseconds from one look at what is new to the next. */
  readonly lookMs: number;
}

/** What does not agree as far as the last look found, in a sentence: shown among the worker's conditions. */
export interface Verdict {
  says: string | undefined;
}

export interface VerificationParts extends Omit<VerifiedParts, 'pace'> {
  readonly record: VerificationRecord;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: VerificationMetrics;
  readonly verdict: Verdict;
  /** Ends a look that is under way. */
  readonly stopping: AbortSignal;
}

/** An event is sealed within seconds. So long goes by in an upgrade as well, or until the projector is up after the worker. */
const UNSEALED_MS = 15 * 60_000;
/** Milliseconds until everything is looked at again while something does not agree: it may have been mended. */
const AGAIN_MS = 60 * 60_000;
/** Milliseconds until what could not be recorded is tried again. */
const UNTOLD_MS = 30_000;
/** Of each bundle, in milliseconds. */
const LONGEST_REST_MS = 1_000;

type Looked = Exclude<Outcome, { readonly kind: 'never-sealed' }> & {
  readonly seconds: number;
  /** A look at everything, whatever it found. */
  readonly everything: boolean;
};

/**
 * Verifies everything at the start and once a period, and in between what is new. What is found is said in the log and the metrics first, which are there when the
 * event store is not, and then recorded, again and again until it is. A process that is killed between finding and recording finds it again at its start:
 * it is told at least once, and no more than once unless it changes.
 */
export function watchVerification(settings: VerificationSettings, parts: VerificationParts): Watching {
  const look = new VerificationLook(settings, parts);
  return { everyMs: settings.lookMs, look: () => look.once(), failed: (error) => look.failed(error) };
}

class VerificationLook {
  private readonly verifier: LedgerVerifier;
  /** By `performance.now()`. Not by an earlier process's word: whoever can alter events can alter that as well. */
  private wholeDue = 0;
  private untold: Looked | undefined;
  /** Before it nobody was there to seal, as far as is known. */
  private readonly startedAt: number;

  constructor(
    private readonly settings: VerificationSettings,
    private readonly parts: VerificationParts,
  ) {
    this.verifier = new LedgerVerifier({ ...parts, pace: pacedBy(parts.stopping) });
    this.startedAt = Date.parse(parts.clock.now());
  }

  async once(): Promise<number | undefined> {
    if (this.parts.stopping.aborted) return undefined;
    if (this.untold === undefined) await this.verify();
    if (!(await this.told())) return UNTOLD_MS;
    await this.lookAtSealing();
    return undefined;
  }

  failed(error: unknown): void {
    if (this.parts.stopping.aborted) return;
    this.parts.metrics.failed();
    this.parts.logger.warn({ err: error }, 'the ledger could not be verified, it is tried again');
  }

  private async verify(): Promise<void> {
    const { metrics, clock, logger, verdict } = this.parts;
    const begun = performance.now();
    const everything = begun >= this.wholeDue;
    // While something does not agree everything has to be looked at, which is done now and then.
    if (!everything && verdict.says !== undefined) return;
    const recorded = everything ? await this.recorded() : undefined;
    const looked = await (recorded
      ? this.verifier.verifyWhole(knownIn(recorded))
      : this.verifier.verifyNew());
    // Nobody can say of a site whose record is damaged that it was never sealed.
    const outcome: Outcome =
      looked.kind === 'never-sealed' && recorded?.damaged === true ? NOTHING_TO_GO_BY : looked;
    const seconds = Math.round(performance.now() - begun) / 1000;
    const again =
      outcome.kind === 'differs' ? Math.min(AGAIN_MS, this.settings.everyMs) : this.settings.everyMs;
    const found = outcome.kind === 'differs' ? outcome.findings.length + outcome.more : 0;
    if (everything || found > 0) this.wholeDue = performance.now() + again;
    metrics.looked(found);
    if (everything)
      metrics.whole({
        at: Date.parse(clock.now()),
        seconds,
        entries: outcome.kind === 'holds' ? outcome.checkpoint.size : 0n,
      });
    verdict.says = outcome.kind === 'differs' ? outcome.findings[0]?.says : undefined;
    if (outcome.kind === 'never-sealed') return;
    if (outcome.kind === 'differs')
      logger.error({ findings: outcome.findings, more: outcome.more }, 'ledger and events do not agree');
    this.untold = { ...outcome, seconds, everything };
  }

  /** What was recorded may be what is damaged: then it is verified all the same, and found. */
  private recorded(): Promise<Pick<Verification, 'verified'> & { readonly damaged: boolean }> {
    return this.parts.record.state().catch((error: unknown) => {
      if (error instanceof EventStoreError) throw error;
      return { verified: null, damaged: true };
    });
  }

  /** @returns whether nothing is left to be recorded */
  private async told(): Promise<boolean> {
    const { record, metrics, logger } = this.parts;
    const looked = this.untold;
    if (looked === undefined) return true;
    try {
      if (looked.kind === 'differs') {
        const { findings, more, seconds } = looked;
        await record.differs({ findings, more, seconds });
      } else if (looked.whole) {
        const { size, root } = looked.checkpoint;
        const { everyMs } = this.settings;
        await record.verified({ entries: size, root, seconds: looked.seconds, everyMs });
      }
      this.untold = undefined;
      if (looked.everything)
        logger.info({ seconds: looked.seconds, outcome: looked.kind }, 'ledger and events were verified');
      return true;
    } catch (error) {
      if (isFencedOut(error)) throw error;
      metrics.failed();
      logger.error({ err: error }, 'what was verified could not be recorded, it is tried again');
      return false;
    }
  }

  /** The projector holds the ledger's key and may append nothing: that it signs nothing is noticed here. */
  private async lookAtSealing(): Promise<void> {
    const { record, metrics, clock, logger } = this.parts;
    const sealed = await this.sealedSize();
    if (sealed === undefined) return;
    const oldest = await this.oldestUnsealed(sealed);
    const { unsealedSince } = await record.state();
    // What was told of already has no grace: that this process is new is no sign that anything was sealed.
    const isTold = oldest !== undefined && oldest.at === unsealedSince;
    const since =
      oldest && (isTold ? Date.parse(oldest.at) : Math.max(Date.parse(oldest.at), this.startedAt));
    const waits = since === undefined ? 0 : Math.max(0, Date.parse(clock.now()) - since);
    metrics.unsealed(waits / 1000);
    const overdue = oldest && (isTold || waits > UNSEALED_MS) ? oldest : null;
    if (overdue) logger.error({ sealed: String(sealed), oldest }, 'no checkpoint is signed');
    await record.sealing(sealed, overdue);
  }

  /** As the checkpoint says, whose signature is looked at elsewhere. Undefined: it does not say. */
  private async sealedSize(): Promise<bigint | undefined> {
    const note = await this.parts.first.read('checkpoint').catch(() => Buffer.from(''));
    if (note === undefined) return 0n;
    const size = Buffer.from(note).toString('utf8').split('\n')[1] ?? '';
    return /^(0|[1-9][0-9]{0,18})$/.test(size) ? BigInt(size) : undefined;
  }

  private async oldestUnsealed(sealed: bigint): Promise<Unsealed | undefined> {
    for await (const { position, bytes } of this.parts.stored(sealed))
      return { position: String(position), at: decodeEvent(bytes).at };
    return undefined;
  }
}

const NOTHING_TO_GO_BY: Outcome = {
  kind: 'differs',
  findings: [
    {
      check: 'checkpoint',
      kind: 'missing',
      says: 'neither place has a checkpoint, and what the verifier recorded of earlier ones cannot be read',
    },
  ],
  more: 0,
};

/** The last state that was found whole and recorded, which a re-signed rewrite does not begin with. */
function knownIn({ verified }: Pick<Verification, 'verified'>): KnownState | undefined {
  return verified
    ? { size: BigInt(verified.entries), root: Buffer.from(verified.root, 'base64') }
    : undefined;
}

/** As much rest as work: half of a core at most. @throws once the worker stops */
function pacedBy(stopping: AbortSignal): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    stopping.throwIfAborted();
    const worked = performance.now() - begun;
    await pause(Math.min(worked, LONGEST_REST_MS), undefined, { signal: stopping });
    begun = performance.now();
  };
}
