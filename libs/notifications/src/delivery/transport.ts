import type { Message } from './message.js';

/** What came of one try. `why` is a sentence of ours: nothing of what the other side wrote. */
export type Outcome =
  /** `note`: what people are to know of it all the same. */
  | { readonly kind: 'delivered'; readonly note?: string }
  /** It may well be taken later. `retryAfterMs`: the other side asks not to be tried before. */
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs?: number | undefined }
  /** The other side says no to this very message. */
  | { readonly kind: 'refused'; readonly why: string; readonly retryAfterMs?: number | undefined };

/** How a sink is reached. Every try ends by itself, within a time of its own. */
export interface Transport {
  /** @throws what `signal` was aborted with; whatever else goes wrong is an outcome */
  send(message: Message, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}
