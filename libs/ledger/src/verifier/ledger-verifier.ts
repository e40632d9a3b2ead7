import { TILE_WIDTH, type Checkpoint, type LogReader, type NoteVerifier } from '#tlog';
import type { Finding } from '../domain/verification/finding.js';
import { Findings } from './findings.js';
import { openPlace, tellingUnreadable } from './places.js';
import { Walk, type KnownState, type Reached, type Sealed, type WalkedParts } from './walk.js';

const WIDTH = BigInt(TILE_WIDTH);

export interface VerifiedParts extends WalkedParts {
  /** Checkpoint, entries and tiles, as auditors read them. */
  readonly first: LogReader;
  /** The checkpoint once more. */
  readonly second: LogReader;
  readonly verifier: NoteVerifier;
}

export type Outcome =
  /** Neither place has a checkpoint, none is known to have been, and no event is known to be gone. */
  | { readonly kind: 'never-sealed' }
  | { readonly kind: 'holds'; readonly checkpoint: Checkpoint; readonly whole: boolean }
  | { readonly kind: 'differs'; readonly findings: readonly Finding[]; readonly more: number };

/**
 * Verifies a ledger and the events that it seals, also while the projector goes on writing: checkpoints and their signatures in both places, every entry against the
 * signed root and against the event store, every tile against the entries. Of what a look has found in order only the tree's right edge is kept, in memory, so that
 * the next one reads what is new; it is believed for no longer than this process lives. Nothing is written.
 */
export class LedgerVerifier {
  private readonly first: LogReader;
  private readonly second: LogReader;
  private reached: Reached | undefined;

  constructor(private readonly parts: VerifiedParts) {
    this.first = tellingUnreadable(parts.first);
    this.second = tellingUnreadable(parts.second);
  }

  /**
   * From the first entry on.
   * @param known a state that was verified by an earlier process: the ledger must still begin with it
   * @throws what the event store throws when it does not answer, and what `pace` does
   */
  verifyWhole(known?: KnownState): Promise<Outcome> {
    this.reached = undefined;
    return this.verify(known);
  }

  /** What came since the last look; everything where that found something, or did not come to its end. @throws as `verifyWhole` */
  verifyNew(): Promise<Outcome> {
    return this.verify(this.reached);
  }

  private async verify(known: KnownState | undefined): Promise<Outcome> {
    // Until it is known what comes of this look.
    const { reached } = this;
    this.reached = undefined;
    const findings = new Findings();
    const sealed = await this.sealed(known, findings);
    if (sealed === 'never') {
      await this.lookForGaps(findings);
      return findings.none ? { kind: 'never-sealed' } : { kind: 'differs', ...findings.all };
    }
    if (sealed) {
      const walk = new Walk(this.first, sealed, reached, known, findings);
      if (await walk.through(this.parts)) this.reached = walk.judge();
    }
    const { all } = findings;
    if (!findings.none || !sealed) {
      this.reached = undefined;
      return { kind: 'differs', ...all };
    }
    return { kind: 'holds', checkpoint: sealed.first, whole: reached === undefined };
  }

  /** That a ledger was never begun is all that there is to go by once its checkpoints, and what was recorded of them, are gone; but positions have no gaps unless events were taken away. */
  private async lookForGaps(findings: Findings): Promise<void> {
    const { stored, counted, pace } = this.parts;
    if (counted) return;
    let next = 0n;
    for await (const { position } of stored(0n)) {
      if (position > next) {
        const says = `neither place has a checkpoint, and ${position - next} events from position ${next} on are not in the event store any more`;
        findings.add({ check: 'events', kind: 'missing', position: String(next), says });
      }
      next = position + 1n;
      if (next % WIDTH === 0n) await pace();
    }
  }

  private async sealed(
    known: KnownState | undefined,
    findings: Findings,
  ): Promise<Sealed | 'never' | undefined> {
    // The second is written after the first: read before it, it is never ahead, whatever the projector does meanwhile.
    const second = await openPlace('second-place', this.second, this.parts.verifier);
    const first = await openPlace('checkpoint', this.first, this.parts.verifier);
    if (first.kind === 'missing' && second.kind === 'missing' && (known?.size ?? 0n) === 0n) return 'never';
    if (second.kind === 'missing')
      findings.add({ check: 'second-place', kind: 'missing', says: 'the second place has no checkpoint' });
    if (second.kind === 'wrong') findings.add(second.finding);
    if (first.kind === 'missing')
      findings.add({ check: 'checkpoint', kind: 'missing', says: 'the ledger has no checkpoint' });
    if (first.kind === 'wrong') findings.add(first.finding);
    return first.kind === 'sealed' ? { first: first.checkpoint, second } : undefined;
  }
}
