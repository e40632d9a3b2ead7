import { isSnapName } from '#snap';
import { UpstreamError, type UpstreamStore } from '#upstream/published';
import { CatalogError } from '../errors.js';
import { INFO_FIELDS, readInfo, type SnapInfo } from './read-info.js';

/**
 * What upstream says of a snap by its name, for one architecture.
 * @throws CatalogError `snap-not-found`, `malformed-metadata`; UpstreamError
 */
export async function infoFor(
  name: string,
  architecture: string,
  upstream: UpstreamStore,
): Promise<SnapInfo> {
  if (!isSnapName(name))
    throw new CatalogError('snap-not-found', `${JSON.stringify(name)} can't be the name of a snap`);
  try {
    return readInfo(await upstream.info(name, { architecture, fields: INFO_FIELDS }), architecture);
  } catch (error) {
    if (!(error instanceof UpstreamError && error.code === 'not-found')) throw error;
    throw new CatalogError('snap-not-found', `upstream has no snap named ${name}`, { cause: error });
  }
}
