import { join } from 'node:path';
import type { Change, DeclarationChange } from './admin/change.js';
import { Journal } from './admin/journal.js';
import { AssertionShelf } from './assertions/assertion-shelf.js';
import { StoreSigner } from './assertions/signer.js';
import type { RevisionDetails } from './catalogue/snap.js';
import { SnapShelf } from './catalogue/snap-shelf.js';
import { buildRevision } from './content/build-revision.js';
import { INITIAL_SNAPS } from './content/initial-snaps.js';
import { INITIAL_VALIDATION_SETS } from './content/initial-validation-sets.js';
import { DeviceDesk } from './devices/device-desk.js';
import { FaultSwitch } from './faults/fault-switch.js';
import { TIMESTAMP } from './assertions/sign.js';
import { authorityOf } from './keys/authority.js';
import { openKeyFolder } from './keys/key-files.js';
import { writeTrustRoots } from './keys/write-trust-roots.js';
import { SandboxError } from './sandbox-error.js';

/** All that the store has and knows: the initial snaps, what its administration changed since, and how it misbehaves. */
export class Sandbox {
  readonly faults = new FaultSwitch();
  private readonly byName = new Map<string, SnapShelf>();

  private constructor(
    readonly assertions: AssertionShelf,
    readonly trustRootsDir: string,
    readonly devices: DeviceDesk,
    private readonly signer: StoreSigner,
    private readonly journal: Journal,
  ) {}

  /**
   * @param dir where the trust roots and the journal are written
   * @param keysDir folder of root.pem, store.pem and dev.pem; made when it has none
   * @throws SandboxError `bad-keys`, or `bad-request` for a journal that is none
   */
  static open({ dir, keysDir }: { dir: string; keysDir: string }): Sandbox {
    const keys = openKeyFolder(keysDir);
    const authority = authorityOf(keys);
    const signer = new StoreSigner(keys, authority);
    const assertions = new AssertionShelf([
      ...keys.readyMade,
      ...authority.roots,
      authority.storeAccountKey,
      ...signer.developer(),
      ...INITIAL_VALIDATION_SETS.map((set) => signer.validationSet(set)),
    ]);
    const trustRootsDir = writeTrustRoots(dir, authority);
    const journal = new Journal(join(dir, 'changes.jsonl'));
    const sandbox = new Sandbox(assertions, trustRootsDir, new DeviceDesk(keys.dev), signer, journal);
    sandbox.stock();
    for (const change of journal.read()) sandbox.evolve(change);
    return sandbox;
  }

  get snaps(): readonly SnapShelf[] {
    return [...this.byName.values()];
  }

  named(name: string): SnapShelf | undefined {
    return this.byName.get(name);
  }

  withId(snapId: string): SnapShelf | undefined {
    return this.snaps.find(({ identity }) => identity.snapId === snapId);
  }

  /** @throws SandboxError `unknown-snap`, `unknown-revision`, `bad-request`: then nothing has changed */
  change(change: Change): void {
    this.evolve(change);
    this.journal.append(change);
  }

  /** Kept in memory, for as long as the store runs. @throws SandboxError `unknown-snap`, `unknown-revision` */
  addDelta(snap: string, source: number, target: number, bytes: Buffer): void {
    this.shelf(snap).addDelta(source, target, bytes);
  }

  private stock(): void {
    for (const { identity, revisions, releases } of INITIAL_SNAPS) {
      const shelf = new SnapShelf(identity, buildRevision);
      this.byName.set(identity.name, shelf);
      this.assertions.put([this.signer.declaration(shelf)]);
      for (const details of revisions) this.add(shelf, details);
      for (const [channel, revision] of releases) shelf.release(channel, revision, undefined, TIMESTAMP);
    }
  }

  private evolve(change: Change): void {
    const shelf = this.shelf(change.snap);
    switch (change.kind) {
      case 'release':
        return shelf.release(change.channel, change.revision, change.architecture, change.at);
      case 'revision':
        return this.add(shelf, {
          number: change.revision,
          version: change.version,
          architectures: change.architectures,
          payloadBytes: change.payloadBytes,
        });
      case 'withdrawal':
        return shelf.withdraw(change.revision);
      case 'declaration':
        return this.declare(shelf, change);
      case 'default-track':
        shelf.defaultTrack = change.track;
        return;
    }
  }

  private shelf(snap: string): SnapShelf {
    const shelf = this.byName.get(snap);
    if (shelf === undefined) throw new SandboxError('unknown-snap', `there is no snap ${snap}`);
    return shelf;
  }

  private declare(shelf: SnapShelf, { revoked, publisher }: DeclarationChange): void {
    if (publisher !== undefined) {
      const username = publisher.toLowerCase();
      shelf.publisher = { id: publisher, username, displayName: publisher, validation: 'unproven' };
      this.assertions.put([this.signer.account(shelf.publisher)]);
    }
    shelf.declared = { revision: shelf.declared.revision + 1, revoked };
    this.assertions.put([this.signer.declaration(shelf)]);
  }

  private add(shelf: SnapShelf, details: RevisionDetails): void {
    this.assertions.put([this.signer.revision(shelf.identity, shelf.add(details))]);
  }
}
