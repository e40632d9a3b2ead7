import { UpstreamError, type UpstreamErrorCode } from '../errors.js';
import type {
  CallOptions,
  Download,
  FollowOptions,
  RefreshAnswer,
  RelayedAnswer,
  RelayRequest,
  UpstreamStore,
} from './upstream-store.js';

export type UpstreamCall = keyof UpstreamStore;
export type UpstreamOutcome = 'answered' | UpstreamErrorCode | 'failed';

/**
 * Told after each call. For a download `seconds` is until its body begins.
 * @param outcome `answered` for any answer of upstream's to `relay`, save 5xx, which is `server-error` here too
 */
export type UpstreamObserver = (call: UpstreamCall, outcome: UpstreamOutcome, seconds: number) => void;

/** Any upstream store, with its calls observed. */
export class MeasuredUpstreamStore implements UpstreamStore {
  constructor(
    private readonly store: UpstreamStore,
    private readonly observe: UpstreamObserver,
  ) {}

  refresh(...args: Parameters<UpstreamStore['refresh']>): Promise<RefreshAnswer> {
    return this.measure('refresh', () => this.store.refresh(...args));
  }

  assertion(...args: Parameters<UpstreamStore['assertion']>): Promise<Uint8Array> {
    return this.measure('assertion', () => this.store.assertion(...args));
  }

  info(...args: Parameters<UpstreamStore['info']>): Promise<Record<string, unknown>> {
    return this.measure('info', () => this.store.info(...args));
  }

  download(url: string, options?: CallOptions & { readonly range?: string }): Promise<Download> {
    return this.measure('download', () => this.store.download(url, options));
  }

  follow(url: string, options: FollowOptions): Promise<RelayedAnswer> {
    return this.measure('follow', () => this.store.follow(url, options), outcomeOf);
  }

  relay(request: RelayRequest): Promise<RelayedAnswer> {
    return this.measure('relay', () => this.store.relay(request), outcomeOf);
  }

  private async measure<Answer>(
    call: UpstreamCall,
    work: () => Promise<Answer>,
    judge: (answer: Answer) => UpstreamOutcome = () => 'answered',
  ): Promise<Answer> {
    const since = performance.now();
    let outcome: UpstreamOutcome = 'failed';
    try {
      const answer = await work();
      outcome = judge(answer);
      return answer;
    } catch (error) {
      if (error instanceof UpstreamError) outcome = error.code;
      throw error;
    } finally {
      this.observe(call, outcome, (performance.now() - since) / 1000);
    }
  }
}

function outcomeOf({ status }: RelayedAnswer): UpstreamOutcome {
  return status >= 500 ? 'server-error' : 'answered';
}
