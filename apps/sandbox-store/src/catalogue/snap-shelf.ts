import { createHash } from 'node:crypto';
import type { Delta, RevisionDetails, Revision, SnapIdentity } from './snap.js';
import { ARCHITECTURES, runsOn } from './snap.js';
import { ChannelMap } from './channel-map.js';
import { DEVELOPER } from '../content/developer.js';
import type { AccountDetails } from '../keys/authority.js';
import { SandboxError } from '../sandbox-error.js';

/** One snap with its revisions, and where they are released. */
export class SnapShelf {
  readonly channels = new ChannelMap();
  /** What a client that names no track gets, instead of `latest`. */
  defaultTrack: string | null = null;
  publisher: AccountDetails = DEVELOPER;
  /** Of the declaration that is served: the revision, and whether it names no snap any more. */
  declared = { revision: 0, revoked: false };
  private readonly byNumber = new Map<number, Revision>();
  private readonly deltas: Delta[] = [];

  constructor(
    readonly identity: SnapIdentity,
    private readonly build: (snap: SnapIdentity, details: RevisionDetails) => Revision,
  ) {}

  get revisions(): readonly Revision[] {
    return [...this.byNumber.values()];
  }

  /** @returns the built revision @throws SandboxError `bad-request` when the number is taken */
  add(details: RevisionDetails): Revision {
    if (this.byNumber.has(details.number)) {
      throw new SandboxError('bad-request', `${this.identity.name} has a revision ${details.number}`);
    }
    const revision = this.build(this.identity, details);
    this.byNumber.set(details.number, revision);
    return revision;
  }

  /** Gives a revision out no more, and closes the channels that had it. @throws SandboxError `unknown-revision` */
  withdraw(number: number): void {
    if (!this.byNumber.delete(number))
      throw new SandboxError('unknown-revision', `${this.identity.name} has no revision ${number}`);
    this.channels.closeAll(number);
  }

  /** @throws SandboxError `unknown-revision` */
  addDelta(source: number, target: number, blob: Buffer): void {
    for (const number of [source, target])
      if (!this.byNumber.has(number))
        throw new SandboxError('unknown-revision', `${this.identity.name} has no revision ${number}`);
    this.deltas.push({ source, target, blob, sha3_384: createHash('sha3-384').update(blob).digest() });
  }

  /** From one revision to another. */
  delta(source: number, target: number): Delta | undefined {
    return this.deltas.find((delta) => delta.source === source && delta.target === target);
  }

  find(number: number): Revision | undefined {
    return this.byNumber.get(number);
  }

  /**
   * Releases a revision into a channel, or closes the channel: for one architecture, or for all that it runs on.
   * @throws SandboxError `unknown-revision` when it does not exist, or not for that architecture
   */
  release(channel: string, number: number | null, architecture: string | undefined, at: string): void {
    if (number === null) {
      for (const each of architecture === undefined ? ARCHITECTURES : [architecture]) {
        this.channels.close(channel, each);
      }
      return;
    }
    const revision = this.find(number);
    const wanted = architecture === undefined ? ARCHITECTURES : [architecture];
    const targets = wanted.filter((each) => revision !== undefined && runsOn(revision, each));
    if (targets.length === 0) {
      const where = architecture === undefined ? '' : ` for ${architecture}`;
      throw new SandboxError('unknown-revision', `${this.identity.name} has no revision ${number}${where}`);
    }
    for (const target of targets) {
      this.channels.release({ channel, architecture: target, revision: number, at });
    }
  }
}
