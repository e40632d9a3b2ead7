import { CodedError } from '#kernel';
import { succeeds } from './succession.js';
import type { PolicyFile } from './policy-file.js';
import type { PolicyDocument } from '#release-control/published';
import type { Positioned, SignedPolicy, VerifiedPolicy, VerifyPolicy } from './signed-policy.js';

export interface PolicyEvents<Document extends Positioned = PolicyDocument> {
  /** From now on this one is obeyed. */
  obeyed(policy: VerifiedPolicy<Document>, from: 'database' | 'disk'): void;
  /** One was refused; the last good one, if any, is served on. */
  refused(code: string, message: string, from: 'database' | 'disk'): void;
  /** It is obeyed, but a restart without the database wouldn't know it. */
  notSaved(error: unknown): void;
}

/** Decides which policy document this proxy obeys: the newest that verifies. It never goes back, and it is never without, once it had one. */
export class PolicyKeeper<Document extends Positioned = PolicyDocument> {
  private held: VerifiedPolicy<Document> | undefined;
  private refusal: string | undefined;
  /** Obeyed and not on disk: saved at the next offer, which comes with each look at the database. */
  private unsaved: SignedPolicy | undefined;

  constructor(
    private readonly verify: VerifyPolicy<Document>,
    private readonly file: PolicyFile,
    private readonly events: PolicyEvents<Document>,
  ) {}

  /** The policy to obey, undefined before the first. */
  get current(): VerifiedPolicy<Document> | undefined {
    return this.held;
  }

  /** Whether a restart without the database would obey the same one. */
  get saved(): boolean {
    return this.unsaved === undefined;
  }

  /** Takes up the last one from disk. An unreadable or edited file is refused like any other document. */
  async resume(): Promise<void> {
    try {
      const signed = await this.file.load();
      if (signed) this.consider(signed, 'disk');
    } catch (error) {
      this.refuse('unreadable', error instanceof Error ? error.message : String(error), 'disk');
    }
  }

  /**
   * Considers a document from the database. Obeyed first, then saved: a full disk must not keep a decision from the devices.
   * @returns whether what was offered is what is obeyed now
   */
  async offer(signed: SignedPolicy): Promise<boolean> {
    const told = this.unsaved !== undefined;
    const considered = this.consider(signed, 'database');
    if (considered === 'taken') this.unsaved = signed;
    if (this.unsaved) await this.save(this.unsaved, told);
    return considered !== 'refused';
  }

  /** There is none where there is one on every site. It is told once, until one is offered or {@link confirmed}. */
  missing(message: string): void {
    this.refuse('policy-missing', message, 'database');
  }

  /** What is offered is what is obeyed. */
  confirmed(): void {
    this.refusal = undefined;
  }

  /** Tries again to save what could not be saved. */
  async saveLate(): Promise<void> {
    if (this.unsaved) await this.save(this.unsaved, true);
  }

  private async save(signed: SignedPolicy, told: boolean): Promise<void> {
    try {
      await this.file.save(signed);
      this.unsaved = undefined;
    } catch (error) {
      if (!told) this.events.notSaved(error);
    }
  }

  private consider(signed: SignedPolicy, from: 'database' | 'disk'): 'taken' | 'known' | 'refused' {
    try {
      const next = { signed, document: this.verify(signed) };
      const newer = succeeds(this.held, next);
      this.refusal = undefined;
      if (!newer) return 'known';
      this.held = next;
      this.events.obeyed(next, from);
      return 'taken';
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.refuse(String(error.code), error.message, from);
      return 'refused';
    }
  }

  /** The same bad row is seen at each poll: it is told once, until something else is offered. */
  private refuse(code: string, message: string, from: 'database' | 'disk'): void {
    const refusal = `${from} ${code} ${message}`;
    if (refusal === this.refusal) return;
    this.refusal = refusal;
    this.events.refused(code, message, from);
  }
}
