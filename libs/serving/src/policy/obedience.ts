import type { ManifestShelf } from '../manifests/manifest-shelf.js';
import type { ServingEvents } from '../serving-events.js';
import { PolicyFile } from './policy-file.js';
import { PolicyKeeper } from './policy-keeper.js';
import { PolicyRows } from './policy-rows.js';
import { serveRing, type ServedRing } from './ring-state.js';
import type { VerifiedPolicy, VerifyPolicy } from './signed-policy.js';

export interface ObedienceSettings {
  /** The proxy's own role. */
  readonly databaseUrl: string;
  readonly ring: string;
  /** Where the last policy is kept. */
  readonly policyFile: string;
}

/** Keeps the ring that is served up to the newest policy that may be obeyed: from disk at the start, then from the database while there is one. */
export class Obedience {
  private served: ServedRing | undefined;
  /** Tells of a policy that was accepted, once answers follow it. */
  private announce: (() => void) | undefined;
  private readonly keeper: PolicyKeeper;
  private readonly rows: PolicyRows;

  /** @param taken told of each ring before it is said that it is obeyed. Must not throw, nor take its time. */
  constructor(
    settings: ObedienceSettings,
    verify: VerifyPolicy,
    private readonly shelf: ManifestShelf,
    private readonly events: ServingEvents,
    private readonly taken: (ring: ServedRing) => void,
  ) {
    this.keeper = new PolicyKeeper(verify, new PolicyFile(settings.policyFile), {
      obeyed: ({ document }, from) => {
        this.announce = () => events.policyObeyed(document.position, document.entries.length, from);
      },
      refused: (code, message, from) => events.policyRefused(code, message, from),
      notSaved: (error) => events.policyNotSaved(error),
    });
    this.rows = new PolicyRows(settings.databaseUrl, settings.ring, {
      row: async (signed) => {
        if (await this.keeper.offer(signed)) events.policyConfirmed();
        await this.take();
      },
      reachable: (reachable, error) => events.databaseReachable(reachable, error),
      looked: () => this.repair(),
    });
  }

  /** Undefined before the first policy: then nothing may be served. */
  get ring(): ServedRing | undefined {
    return this.served;
  }

  /** Takes up the last policy from disk before it looks at the database: serving must not wait for one that is gone. */
  async start(): Promise<void> {
    await this.keeper.resume();
    await this.take();
    this.rows.start();
  }

  async stop(): Promise<void> {
    await this.rows.stop();
  }

  private async take(): Promise<void> {
    const policy = this.keeper.current;
    if (!policy || policy.document.position === this.served?.position) return;
    await this.serve();
  }

  /** A manifest that could not be read may have come back: a mount, a slow disk. One that could not be copied may find room. */
  private async repair(): Promise<void> {
    await this.shelf.copyLate();
    if (this.served && this.served.unanswerable > 0) await this.serve();
  }

  /** Not before the policy is saved: a restart would need what the one on disk names. A disk that does not let go of copies harms nobody. */
  private async tidy({ document }: VerifiedPolicy): Promise<void> {
    if (!this.keeper.saved) return;
    const inForce = new Set(document.entries.map(({ manifest }) => manifest));
    await this.shelf
      .keepOnly(inForce)
      .catch((error: unknown) => this.events.downloadFailed('cache-unavailable', error));
  }

  private async serve(): Promise<void> {
    const policy = this.keeper.current;
    if (!policy) return;
    try {
      this.served = await serveRing(policy, this.shelf, (message) =>
        this.events.unexpected(new Error(message)),
      );
      this.taken(this.served);
      this.events.unanswerable(this.served.unanswerable);
      this.announce?.();
      this.announce = undefined;
      await this.tidy(policy);
    } catch (error) {
      this.events.unexpected(error);
    }
  }
}
