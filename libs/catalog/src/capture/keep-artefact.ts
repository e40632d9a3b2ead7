import { BlobStoreError, type BlobFacts } from '#blob-store/port';
import { CatalogError } from '../errors.js';
import type { CapturePorts } from './capture-ports.js';
import type { Offer } from './offer.js';

/**
 * Streams the blob into what is kept, if it is, byte for byte, what was signed for. Call it when the offer agrees with its assertions.
 * @throws CatalogError `tampered-artefact`; BlobStoreError `unavailable`; UpstreamError
 */
export async function keepArtefact(offer: Offer, { upstream, kept }: CapturePorts): Promise<BlobFacts> {
  const { url, size, sha3_384 } = offer.download;
  const download = await upstream.download(url);
  try {
    return await kept.put(download.body as AsyncIterable<Uint8Array>, { size, sha3_384 });
  } catch (error) {
    download.body.destroy();
    const tampered =
      error instanceof BlobStoreError && (error.code === 'digest-mismatch' || error.code === 'size-mismatch');
    if (!tampered) throw error;
    throw new CatalogError(
      'tampered-artefact',
      `what upstream sent as revision ${offer.revision} of ${offer.name} isn't what was signed: ${error.message}`,
      { cause: error },
    );
  }
}
