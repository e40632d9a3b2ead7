import { CodedError, StoppedClock } from '#kernel';
import { MemoryBlobStore } from '#blob-store/memory/memory-blob-store';
import type { Headers, TrustRoots } from '#snap';
import { HttpUpstreamStore, upstreamSettings } from '#upstream/published';
import { captureRevision, type CapturedTarget, type RevisionToCapture } from '../capture/capture-revision.js';
import type { CapturePorts } from '../capture/capture-ports.js';
import { identifySnap } from '../capture/identify-snap.js';
import type { SigningAuthority } from './signing-authority.js';
import { pathOf, snapObject, testStore, type TestStore } from './test-store.js';

export interface BenchPorts {
  readonly roots?: TrustRoots;
  readonly now?: string;
}

/** A store on a real socket, a client of it, and somewhere to keep: what a spec of captures needs. */
export class CaptureBench implements AsyncDisposable {
  readonly kept = new MemoryBlobStore();
  private readonly upstream: HttpUpstreamStore;

  private constructor(
    private readonly authority: SigningAuthority,
    readonly store: TestStore,
    budget: number,
  ) {
    this.upstream = new HttpUpstreamStore(
      upstreamSettings(store.url, '', { call: budget, downloadHeaders: budget }),
    );
  }

  /** @param budget milliseconds for each call to the store */
  static async open(authority: SigningAuthority, budget = 30_000): Promise<CaptureBench> {
    return new CaptureBench(authority, await testStore(authority), budget);
  }

  /** Captures revision 5 of lab-hello from stable, if nothing else is said. */
  capture(
    wanted: Partial<RevisionToCapture> = {},
    ports: BenchPorts = {},
  ): Promise<readonly CapturedTarget[]> {
    return captureRevision(
      { name: 'lab-hello', channel: 'stable', revision: 5, ...wanted },
      this.ports(ports),
    );
  }

  identify(name: string): Promise<string> {
    return identifySnap(name, this.ports());
  }

  /** How a capture was refused, and how many blobs it left behind: there must be none. */
  async refusal(wanted?: Partial<RevisionToCapture>, ports?: BenchPorts) {
    try {
      await this.capture(wanted, ports);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return { code: String(error.code), message: error.message, kept: this.kept.count };
    }
    return undefined;
  }

  /** Changes members of the snap object that the store answers with. */
  answerWith(changes: Record<string, unknown>): void {
    this.store.result = () => ({ result: 'download', snap: { ...snapObject(this.store.url), ...changes } });
  }

  /** Puts an assertion of this type in the place of the one that is there. */
  publish(type: string, headers: Headers, by = this.authority): void {
    const assertion = by.sign(type, headers);
    this.store.assertions.set(pathOf(assertion), assertion.bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.upstream.close();
    await this.store[Symbol.asyncDispose]();
  }

  private ports(ports: BenchPorts = {}): CapturePorts {
    return {
      upstream: this.upstream,
      kept: this.kept,
      roots: ports.roots ?? this.authority.roots,
      architectures: ['amd64', 'arm64'],
      clock: new StoppedClock(ports.now ?? '2026-11-23T12:00:00.000Z'),
    };
  }
}
