import type { Readable } from 'node:stream';
import type { Clock } from '#kernel';
import { Egress, retryAfterMs, UpstreamError, upstreamSettings, type WayOut } from '#upstream/published';
import { isLoopback } from '../../domain/sinks/sink-address.js';
import type { Message } from '../message.js';
import type { Outcome, Transport } from '../transport.js';
import { cloudEvent } from './cloud-event.js';
import { judge } from './judge.js';
import { signedHeaders } from './sign.js';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_` and the key in Base64. */
  readonly secret: string;
  /** Of the site. */
  readonly origin: string;
  readonly wayOut: WayOut;
  readonly clock: Clock;
  /** Milliseconds for one try. */
  readonly patience?: number;
}

/** Standard Webhooks has receivers answer within 15 to 30 seconds. */
const USUAL_PATIENCE_MS = 15_000;
/** Of an answer, whatever it says: enough to use the connection again. */
const READ_BYTES = 16 * 1024;

/** What stays on this machine is asked of nobody else. */
export function wayToWebhook({ hostname }: URL, wayOut: WayOut): WayOut {
  const { proxy: _, ...direct } = wayOut;
  return isLoopback(hostname) ? direct : wayOut;
}

/** CloudEvents by HTTP POST, to the configured address and nowhere else. */
export class WebhookTransport implements Transport {
  private readonly egress: Egress;
  private readonly url: URL;

  constructor(private readonly settings: WebhookSettings) {
    this.url = new URL(settings.url);
    this.egress = new Egress(upstreamSettings(settings.url, '', {}, wayToWebhook(this.url, settings.wayOut)));
  }

  async send(message: Message, signal: AbortSignal): Promise<Outcome> {
    const { origin, secret, clock, patience = USUAL_PATIENCE_MS } = this.settings;
    const body = cloudEvent(message, origin);
    const now = Date.parse(clock.now());
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'holdfast',
      ...signedHeaders(secret, message.envelope.id, Math.floor(now / 1000), body),
    };
    const late = AbortSignal.timeout(patience);
    const request = { method: 'POST', url: this.url, headers, body: Buffer.from(body) } as const;
    try {
      const answer = await this.egress.sendOnce(request, AbortSignal.any([signal, late]));
      const outcome = judge(answer.status, retryAfterMs(answer.headers['retry-after'], now));
      await passOver(answer.body);
      return outcome;
    } catch (error) {
      signal.throwIfAborted();
      if (late.aborted) return { kind: 'failed', why: `it did not answer within ${patience / 1000} s` };
      if (error instanceof UpstreamError) return { kind: 'failed', why: error.message };
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.egress.close();
  }
}

/** The status has said everything: what follows is read so that the connection can be used again, and not for long. */
async function passOver(body: Readable): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > READ_BYTES) break;
    }
  } catch {
    // Broken off, or too slow: the status came.
  }
}
