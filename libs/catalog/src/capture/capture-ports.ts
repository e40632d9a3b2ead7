import type { Clock } from '#kernel';
import type { BlobStore } from '#blob-store/port';
import type { TrustRoots } from '#snap';
import type { UpstreamStore } from '#upstream/published';

/** What a capture needs of the world. */
export interface CapturePorts {
  readonly upstream: UpstreamStore;
  /** The kept blobs. */
  readonly kept: Pick<BlobStore, 'put' | 'open'>;
  readonly roots: TrustRoots;
  /** The site's architectures: an override without one means all of these. */
  readonly architectures: readonly [string, ...string[]];
  readonly clock: Clock;
}
