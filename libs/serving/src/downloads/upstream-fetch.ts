import { UpstreamError, type UpstreamStore } from '#upstream/published';
import { ServingError } from '../errors.js';
import { upstreamWords } from '../upstream-words.js';
import type { ArtefactFetch } from './artefact-fetch.js';

/** Fetches artefacts from the upstream store. */
export function upstreamFetch(upstream: UpstreamStore): ArtefactFetch {
  return async (address, from, signal) => {
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    try {
      const { status, headers, body } = await upstream.download(address, { signal, ...range });
      return { from: status === 206 ? startOf(headers['content-range']) : 0, bytes: told(body) };
    } catch (error) {
      throw translated(error);
    }
  };
}

/** @throws ServingError `upstream-unavailable` for a partial body that doesn't say which part it is */
function startOf(contentRange: string | undefined): number {
  const match = /^bytes (\d{1,15})-/.exec(contentRange ?? '');
  if (match) return Number(match[1]);
  throw new ServingError('upstream-unavailable', 'upstream sent a part without saying which');
}

async function* told(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const code = error.code === 'not-found' ? 'artefact-missing' : 'upstream-unavailable';
  return new ServingError(code, `upstream: ${upstreamWords(error)}`, { cause: error });
}
