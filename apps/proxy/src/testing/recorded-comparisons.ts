import type { DeviceMark } from '#fleet/published';
import type { Outcome, ShadowEvents } from '#serving/published';

export interface RecordedComparison {
  readonly endpoint: string;
  readonly outcome: Outcome;
  readonly device: DeviceMark | null;
}

/** What a shadow found, for tests to look at and to wait for. */
export class RecordedComparisons implements ShadowEvents {
  readonly all: RecordedComparison[] = [];
  private waiting: (() => void)[] = [];

  compared = (endpoint: string, outcome: Outcome, device: DeviceMark | null): void => {
    this.all.push({ endpoint, outcome, device });
    for (const resolve of this.waiting.splice(0)) resolve();
  };

  /** Takes the oldest of them that was not taken yet, once there is one. @param endpoint or of this kind */
  async next(endpoint?: string): Promise<RecordedComparison> {
    for (;;) {
      const at = this.all.findIndex((each) => endpoint === undefined || each.endpoint === endpoint);
      const [found] = at < 0 ? [] : this.all.splice(at, 1);
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
