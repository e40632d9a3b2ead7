import {
  Agent as HttpAgent,
  request as askByHttp,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as askByHttps } from 'node:https';
import { sentenceOf } from '#kernel';
import { ServingError } from '../errors.js';

/** How long the incumbent may be silent before its answer begins. A device waits 10 s for most, 30 s for some (protocol page 3). */
const SILENCE_MS = 60_000;

/** A device's request, as it came. */
export interface DeviceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names and values in turn, as they were written. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer | undefined;
}

/** What marks a request as passed on by a shadow: one that comes back would go round for ever. RFC 9110, 7.6.3. */
const VIA = '1.1 holdfast-shadow';

/** The store proxy that answers devices while we look on. */
export class Incumbent {
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly ask: typeof askByHttp;

  /**
   * @param origin http or https
   * @param authorities certificates in PEM that are trusted, and no others; absent: Node's
   */
  constructor(
    private readonly origin: URL,
    authorities: string | undefined,
    private readonly silenceMs = SILENCE_MS,
  ) {
    const secure = origin.protocol === 'https:';
    this.ask = secure ? askByHttps : askByHttp;
    this.agent = secure
      ? new HttpsAgent({ keepAlive: true, ...(authorities === undefined ? {} : { ca: authorities }) })
      : new HttpAgent({ keepAlive: true });
  }

  /**
   * The beginning of its answer; the body is still to be read.
   * @param signal ends the request, also later
   * @throws ServingError `incumbent-unavailable`, `shadow-loop`, `bad-request`
   */
  async answerTo(request: DeviceRequest, signal: AbortSignal): Promise<IncomingMessage> {
    if (cameBack(request.rawHeaders))
      throw new ServingError(
        'shadow-loop',
        'this request was passed on before: HOLDFAST_SHADOW_OF leads back to a Holdfast',
      );
    const asked = { ...request, headers: passedOn(request) };
    try {
      return await this.attempt(asked, signal);
    } catch (error) {
      // A connection that was kept may have been closed from the other side at this moment: nobody has seen the request.
      if (!(error instanceof Stale)) throw error;
      return await this.attempt(asked, signal);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt(
    { method, url, headers, body }: DeviceRequest & { readonly headers: readonly string[] },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { hostname, port } = this.origin;
    const options: RequestOptions = {
      host: hostname.replace(/^\[|\]$/g, ''),
      ...(port === '' ? {} : { port }),
      method,
      path: url,
      headers,
      agent: this.agent,
      signal,
    };
    return new Promise((resolve, reject) => {
      const asking = this.ask(options, (answer) => {
        asking.setTimeout(0);
        resolve(answer);
      });
      asking.setTimeout(this.silenceMs, () => asking.destroy(new Error('it does not answer')));
      asking.on('error', (error: NodeJS.ErrnoException) => {
        const stale = asking.reusedSocket && error.code === 'ECONNRESET';
        reject(stale ? new Stale() : unavailable(error));
      });
      asking.end(body);
    });
  }
}

class Stale extends Error {}

function unavailable(cause: Error): ServingError {
  return new ServingError(
    'incumbent-unavailable',
    `the store proxy that answers here (HOLDFAST_SHADOW_OF) cannot be asked now: ${sentenceOf(cause)}`,
    { cause },
  );
}

/** Of a connection, not of what goes over it. RFC 9110, 7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers as they came, but for those of the connection that they came over. @param raw names and values in turn */
export function endToEnd(raw: readonly string[]): string[] {
  const named = new Set(
    pairs(raw)
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase())),
  );
  return pairs(raw)
    .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.has(name.toLowerCase()))
    .flat();
}

/** The device's own Host stays: what the incumbent says of itself (download addresses) is to be good for the device. */
function passedOn({ rawHeaders, body }: DeviceRequest): string[] {
  const kept = pairs(endToEnd(rawHeaders)).filter(([name]) => !/^(?:expect|content-length)$/i.test(name));
  const hasBody = pairs(rawHeaders).some(([name]) => /^(?:transfer-encoding|content-length)$/i.test(name));
  const length = hasBody ? ['content-length', String(body?.length ?? 0)] : [];
  return [...kept.flat(), ...length, 'via', VIA];
}

function cameBack(raw: readonly string[]): boolean {
  return pairs(raw).some(([name, value]) => name.toLowerCase() === 'via' && value.includes(VIA));
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, i) => [
    raw[2 * i] ?? '',
    raw[2 * i + 1] ?? '',
  ]);
}
