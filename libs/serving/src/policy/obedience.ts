import type { MembershipDocument, PolicyDocument } from '#release-control/published';
import { join } from 'node:path';
import type { ManifestShelf } from '../manifests/manifest-shelf.js';
import type { ServingEvents } from '../serving-events.js';
import { PolicyFile } from './policy-file.js';
import { PolicyKeeper } from './policy-keeper.js';
import { PolicyRows } from './policy-rows.js';
import { serveRing, type ServedRing } from './ring-state.js';
import { ServedRings } from './served-rings.js';
import type { VerifyPolicy } from './signed-policy.js';

export interface ObedienceSettings {
  /** The proxy's own role. */
  readonly databaseUrl: string;
  /** Of devices that no rule of membership names. */
  readonly ring: string;
  /** Where the last documents are kept. */
  readonly policyDir: string;
}

/** What signed documents must be. */
export interface Verifiers {
  policy(ring: string): VerifyPolicy;
  readonly membership: VerifyPolicy<MembershipDocument>;
}

const MISSING =
  'there is no document of who is in which ring, which the projector writes when a site is founded, or at its next start for a site that is older: its row was deleted, or the projector is of an earlier release. It writes the row again within a minute';

/** No ring has a dot in its name. */
const MEMBERSHIP_FILE = 'membership.v1.json';

/**
 * Keeps the rings that are served up to the newest policies that may be obeyed, and to who is in which: from disk at the start, then from the
 * database while there is one.
 */
export class Obedience {
  private served: ServedRings;
  private readonly rings = new Map<string, ServedRing>();
  private obeyedMembership: MembershipDocument | undefined;
  /** Tell of what was accepted, once answers follow it. */
  private announcements: (() => void)[] = [];
  private readonly keepers = new Map<string, PolicyKeeper>();
  private readonly membership: PolicyKeeper<MembershipDocument>;
  private readonly rows: PolicyRows;

  /** @param taken told of all rings before it is said that they are obeyed. Must not throw, nor take its time. */
  constructor(
    private readonly settings: ObedienceSettings,
    private readonly verify: Verifiers,
    private readonly shelf: ManifestShelf,
    private readonly events: ServingEvents,
    private readonly taken: (rings: readonly ServedRing[]) => void,
  ) {
    this.served = new ServedRings(undefined, settings.ring, this.rings, undefined);
    this.membership = new PolicyKeeper(verify.membership, this.file(MEMBERSHIP_FILE), {
      ...this.refusals,
      obeyed: ({ document: { position, rules } }, from) => {
        this.announcements.push(() => events.membershipObeyed(position, rules.length, from));
      },
    });
    this.rows = new PolicyRows(settings.databaseUrl, {
      membership: () => this.membership.current?.signed.document,
      membershipRow: async (found) => {
        if (found === 'missing') this.membership.missing(MISSING);
        else if (found === 'as obeyed') this.membership.confirmed();
        else await this.membership.offer(found);
        for (const ring of this.wanted()) await this.keeperOf(ring);
      },
      rings: () => this.wanted(),
      row: async (ring, signed) => {
        const confirmed = await (await this.keeperOf(ring)).offer(signed);
        if (confirmed && ring === settings.ring) events.policyConfirmed();
      },
      read: () => this.take(),
      reachable: (reachable, error) => events.databaseReachable(reachable, error),
      looked: () => this.repair(),
    });
  }

  /** The proxy's own; undefined before its first policy, and while members are unknown: then nothing of it may be served. */
  get ring(): ServedRing | undefined {
    return this.served.own;
  }

  get all(): ServedRings {
    return this.served;
  }

  /** Takes up the last policies from disk before it looks at the database: serving must not wait for one that is gone. */
  async start(): Promise<void> {
    await this.membership.resume();
    for (const ring of this.wanted()) await this.keeperOf(ring);
    await this.take();
    this.rows.start();
  }

  async stop(): Promise<void> {
    await this.rows.stop();
  }

  /** The proxy's own first, then those that rules name. */
  private wanted(): readonly string[] {
    const named = this.membership.current?.document.rules.map(({ ring }) => ring) ?? [];
    return [...new Set([this.settings.ring, ...named])];
  }

  private async keeperOf(ring: string): Promise<PolicyKeeper> {
    const known = this.keepers.get(ring);
    if (known) return known;
    const keeper = new PolicyKeeper(this.verify.policy(ring), this.file(`${ring}.json`), {
      ...this.refusals,
      obeyed: ({ document }, from) => this.announcements.push(() => this.obeyed(document, from)),
    });
    this.keepers.set(ring, keeper);
    // What was obeyed of a ring before it was named again is not gone back behind.
    await keeper.resume();
    return keeper;
  }

  private obeyed({ ring, position, entries }: PolicyDocument, from: 'database' | 'disk'): void {
    if (ring === this.settings.ring) this.events.policyObeyed(position, entries.length, from);
    else this.events.memberRingObeyed(ring, position, entries.length, from);
  }

  private get refusals() {
    return {
      refused: (code: string, message: string, from: 'database' | 'disk') =>
        this.events.policyRefused(code, message, from),
      notSaved: (error: unknown) => this.events.policyNotSaved(error),
    };
  }

  private file(name: string): PolicyFile {
    return new PolicyFile(join(this.settings.policyDir, name));
  }

  private async take(): Promise<void> {
    const changed = this.wanted().filter((ring) => {
      const current = this.keepers.get(ring)?.current;
      return current && current.document.position !== this.rings.get(ring)?.position;
    });
    const sameMembers = this.membership.current?.document === this.obeyedMembership;
    if (changed.length === 0 && sameMembers) return;
    await this.serve(changed);
  }

  /** A manifest that could not be read may have come back: a mount, a slow disk. One that could not be copied may find room. */
  private async repair(): Promise<void> {
    await this.membership.saveLate();
    await this.shelf.copyLate();
    const lacking = [...this.rings.values()].filter(({ unanswerable }) => unanswerable > 0);
    if (lacking.length > 0) await this.serve(lacking.map(({ ring }) => ring));
  }

  /** Not before the policies are saved: a restart would need what those on disk name. A disk that does not let go of copies harms nobody. */
  private async tidy(): Promise<void> {
    const keepers = this.wanted().flatMap((ring) => this.keepers.get(ring) ?? []);
    if (!keepers.every(({ saved }) => saved)) return;
    const entries = keepers.flatMap(({ current }) => current?.document.entries ?? []);
    await this.shelf
      .keepOnly(new Set(entries.map(({ manifest }) => manifest)))
      .catch((error: unknown) => this.events.downloadFailed('cache-unavailable', error));
  }

  private async serve(rings: readonly string[]): Promise<void> {
    try {
      for (const ring of rings) {
        const policy = this.keepers.get(ring)?.current;
        if (!policy) continue;
        const served = await serveRing(policy, this.shelf, (message) =>
          this.events.unexpected(new Error(message)),
        );
        this.rings.set(ring, served);
      }
      const wanted = this.wanted();
      for (const ring of this.rings.keys()) if (!wanted.includes(ring)) this.rings.delete(ring);
      this.obeyedMembership = this.membership.current?.document;
      const { ring: home } = this.settings;
      // Without it, devices that belong elsewhere cannot be told from the proxy's own, so nobody is served.
      const own = this.obeyedMembership ? this.rings.get(home) : undefined;
      this.served = new ServedRings(own, home, new Map(this.rings), this.obeyedMembership);
      const all = [...this.rings.values()];
      this.taken(all);
      this.events.unanswerable(all.reduce((sum, { unanswerable }) => sum + unanswerable, 0));
      if (this.obeyedMembership) for (const announce of this.announcements.splice(0)) announce();
      await this.tidy();
    } catch (error) {
      this.events.unexpected(error);
    }
  }
}
