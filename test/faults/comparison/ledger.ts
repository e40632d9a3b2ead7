import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compareLedger } from '#apps/host/src/compare-ledger/compare-ledger';
import { filesystemLogReader } from '#ledger/published';
import { noteVerifier, openCheckpoint, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';
import type { Findings } from '../findings.js';
import type { History } from './history.js';

const LOOK_EVERY_MS = 20;

/** The ledger's folder, seen as an auditor sees it: with the key that was pinned when the site was founded, and the last state seen. */
export class AuditedLedger {
  private readonly verifiers: readonly NoteVerifier[];
  private kept: Checkpoint | undefined;
  private largest = 0n;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly vkey: string,
  ) {
    this.verifiers = [noteVerifier(vkey)];
  }

  /** The entries that are sealed now. @throws Error when the checkpoint does not verify */
  get size(): bigint {
    return openCheckpoint(readFileSync(path.join(this.folder, 'checkpoint')), this.verifiers).size;
  }

  /** Looks at the checkpoint again and again: each reader, at any moment, finds one that verifies and is no smaller than the last. */
  watch(findings: Findings): () => void {
    this.timer = setInterval(() => {
      try {
        const { size } = this;
        findings.expect(
          size >= this.largest,
          `the checkpoint went back from ${this.largest} to ${size} entries`,
        );
        this.largest = size;
      } catch (error) {
        findings.add(`a reader of the checkpoint: ${text(error)}`);
      }
    }, LOOK_EVERY_MS);
    return () => clearInterval(this.timer);
  }

  /**
   * Verifies all files, and holds each entry against the event store's.
   * @param readOn reads what was appended since: proxies hand over what they recorded whenever they like
   */
  async compare(history: History, findings: Findings, readOn: () => Promise<void>): Promise<void> {
    const settled = history.events.length;
    const late: (() => void)[] = [];
    const onEntry = (position: bigint, bytes: Buffer): void => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const check = (): void =>
        findings.expect(
          sha256 === history.events[Number(position)]?.sha256,
          `entry ${position} of the ledger is not the event that was read at that position`,
        );
      if (Number(position) < settled) check();
      else late.push(check);
    };
    try {
      const options = this.kept ? { kept: this.kept, onEntry } : { onEntry };
      this.kept = await verifyLog(filesystemLogReader(this.folder), this.verifiers, options);
      const { size } = this.kept;
      if (late.length > 0) await readOn();
      for (const check of late) check();
      findings.expect(
        size >= BigInt(settled) && size <= BigInt(history.events.length),
        `the ledger seals ${size} of ${history.events.length} events`,
      );
    } catch (error) {
      findings.add(`the ledger: ${text(error)}`);
    }
  }

  /** The database against the ledger once more, as `holdfast verify --database` does it. */
  async compareDatabase(ownerUrl: string, findings: Findings): Promise<void> {
    try {
      const { differences } = await compareLedger(this.folder, this.vkey, ownerUrl);
      for (const { position, kind } of differences) findings.add(`the database's event ${position} ${kind}`);
    } catch (error) {
      findings.add(`the database against the ledger: ${text(error)}`);
    }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
