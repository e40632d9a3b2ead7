import { BlobStoreError, type BlobReader } from '#blob-store/port';
import {
  CatalogError,
  captureRevision,
  compareCaptures,
  identifySnap,
  type CaptureDifference,
  type CapturePorts,
} from '#catalog/published';
import type {
  CapturedTarget,
  CapturePort,
  ItemToCapture,
} from '#release-control/reactors/capture-submitted-change/capture-port';
import { fullChannel, parseChannel, parseRevision } from '#snap';
import { USUAL_PATIENCE, whileUpstreamRecovers } from './while-upstream-recovers.js';

/** Change control's view of the catalog. What it throws has a code and a sentence for the request's record. */
export class SnapCapture implements CapturePort {
  private readonly stopping = new AbortController();

  constructor(
    private readonly ports: CapturePorts & { readonly kept: Pick<BlobReader, 'read'> },
    private readonly patience = USUAL_PATIENCE,
  ) {}

  async capture({ format, name, channel, version }: ItemToCapture): Promise<readonly CapturedTarget[]> {
    onlySnaps(format);
    const wanted = { name, channel, revision: parseRevision(version) };
    return whileUpstreamRecovers(
      () => captureRevision(wanted, this.ports).catch(blamingNobody),
      this.patience,
      this.stopping.signal,
    );
  }

  async identify(
    format: string,
    name: string,
  ): Promise<{ readonly format: string; readonly subject: string }> {
    onlySnaps(format);
    const subject = await whileUpstreamRecovers(
      () => identifySnap(name, this.ports),
      this.patience,
      this.stopping.signal,
    );
    return { format, subject };
  }

  async compare(
    format: string,
    before: string | null,
    after: string,
    room: number,
  ): Promise<CaptureDifference> {
    onlySnaps(format);
    return compareCaptures(before, after, this.ports.kept, room).catch(blamingNobody);
  }

  /**
   * Gives up what is being captured, in no way that a request could be blamed for: it is done again at the next start. Closing
   * upstream's connections is what then ends it.
   */
  stop(): void {
    this.stopping.abort(new Error('the worker is stopping'));
  }

  mayMean(format: string, asked: string, channel: string): boolean {
    onlySnaps(format);
    const { track } = parseChannel(channel);
    return fullChannel(parseChannel(asked, track)) === channel;
  }
}

/** A full or failing disk of ours is no reason to refuse a request: without a code, the capture is tried again until there is room. */
function blamingNobody(error: unknown): never {
  if (!(error instanceof BlobStoreError && error.code === 'unavailable')) throw error;
  throw new Error(`the kept blobs are away: ${error.message}`, { cause: error });
}

/** @throws CatalogError `unknown-format` */
function onlySnaps(format: string): void {
  if (format !== 'snap') {
    throw new CatalogError(
      'unknown-format',
      `the worker captures snaps, nothing of format ${JSON.stringify(format)}`,
    );
  }
}
