import { CatalogError } from '../errors.js';
import { infoFor } from '../sync/info-for.js';
import { readDeclaration } from '../sync/read-declaration.js';
import type { CapturePorts } from './capture-ports.js';

/**
 * The id of the snap that a name means upstream now: what `info` says, as far as the snap's verified declaration says the same. Names get
 * transferred, ids don't.
 * @throws CatalogError `snap-not-found`, `metadata-disagrees`, and as a look at the snap; SnapError; UpstreamError
 */
export async function identifySnap(
  name: string,
  ports: Pick<CapturePorts, 'upstream' | 'roots' | 'architectures' | 'clock'>,
): Promise<string> {
  const { snapId } = await infoFor(name, ports.architectures[0], ports.upstream);
  const declared = await readDeclaration(snapId, ports);
  if (declared.name !== name) {
    const says = declared.declaration.revoked ? 'is revoked' : `is of a snap named ${declared.name}`;
    throw new CatalogError(
      'metadata-disagrees',
      `upstream says that ${name} is ${snapId}, but the declaration of ${snapId} ${says}`,
    );
  }
  return snapId;
}
