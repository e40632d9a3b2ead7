import { UpstreamError, type UpstreamStore } from '#upstream/published';

/** snapd's rule for track names. */
const TRACK = /^[a-zA-Z0-9](?:[-+._]?[a-zA-Z0-9])*$/;

/**
 * The track that a request without one means; null when upstream names none, or doesn't answer such questions at all. An upstream
 * that is only ill just now is no answer: the channel would be resolved wrongly.
 * @throws UpstreamError that is transient
 */
export async function defaultTrackOf(
  upstream: UpstreamStore,
  name: string,
  architecture: string,
): Promise<string | null> {
  try {
    const info = await upstream.info(name, { architecture, fields: ['revision'] });
    const track = info['default-track'];
    return typeof track === 'string' && track.length <= 28 && TRACK.test(track) ? track : null;
  } catch (error) {
    if (error instanceof UpstreamError && !error.transient) return null;
    throw error;
  }
}
