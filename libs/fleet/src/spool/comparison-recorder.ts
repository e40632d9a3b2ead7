import type { Compared, DeliveryRecord, DeviceMark, Differed } from '../domain/deliveries/record.js';
import { word } from './word.js';

/** What a shadow found. */
export interface SeenDifference {
  readonly endpoint: string;
  readonly snapId: string | undefined;
  readonly name: string;
  readonly where: string;
  readonly incumbent: string;
  readonly ours: string;
  readonly why: string;
}

/** How long is counted before it is recorded. */
const PERIOD_MS = 15_000;
/** Differences, each of one device, that are told apart in that time; beyond, they are of no device. */
const MOST_NAMED = 5_000;
/** And beyond these they are counted together. */
const MOST_TOLD_APART = 6_000;

const OTHERS: Omit<SeenDifference, 'endpoint'> = {
  snapId: undefined,
  name: 'others',
  where: '',
  incumbent: 'more than can be told apart',
  ours: 'more than can be told apart',
  why: 'not told apart',
};

/** Turns what a shadow finds into records, so that floods stay small: all that is alike is counted. Synchronous, and fails never. */
export class ComparisonRecorder {
  private since: number | undefined;
  private readonly requests = new Map<string, Compared>();
  private readonly differences = new Map<string, Differed>();

  constructor(
    private readonly add: (record: DeliveryRecord) => void,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /** @param outcome `equal`, `differs`, or why a request was not compared */
  compared(endpoint: string, outcome: string): void {
    const at = this.begin();
    const key = `${endpoint}\n${outcome}`;
    const known = this.requests.get(key);
    const first = { at, what: 'compared', endpoint: word(endpoint), outcome: word(outcome) } as const;
    this.requests.set(key, { ...(known ?? first), until: at, count: (known?.count ?? 0) + 1 });
  }

  differed(device: DeviceMark | null, position: string, difference: SeenDifference): void {
    const at = this.begin();
    const named = this.differences.size < MOST_NAMED ? device : null;
    if (this.count(named, position, difference, at)) return;
    this.count(null, position, { ...OTHERS, endpoint: difference.endpoint }, at, true);
  }

  /** What was counted becomes records: after a while, and before the process ends. */
  settle(): void {
    for (const record of [...this.requests.values(), ...this.differences.values()]) this.add(record);
    this.requests.clear();
    this.differences.clear();
    this.since = undefined;
  }

  /** To be called now and then: what was counted is recorded also when nobody asks. @returns the time, RFC 3339 */
  enter(): string {
    const now = this.now();
    if (this.since !== undefined && now - this.since >= PERIOD_MS) this.settle();
    return new Date(now).toISOString();
  }

  private begin(): string {
    const at = this.enter();
    this.since ??= Date.parse(at);
    return at;
  }

  private count(
    device: DeviceMark | null,
    position: string,
    { endpoint, snapId, name, where, incumbent, ours, why }: SeenDifference,
    at: string,
    always = false,
  ): boolean {
    const who = device && [device.brand, device.model, device.serial];
    const key = JSON.stringify([who, endpoint, snapId, name, where, incumbent, ours, why]);
    const known = this.differences.get(key);
    if (!known && !always && this.differences.size >= MOST_TOLD_APART) return false;
    const first = {
      at,
      what: 'differed',
      device: device && spelled(device),
      endpoint: word(endpoint),
      snapId: snapId === undefined ? null : word(snapId),
      name: word(name),
      place: where === '' ? null : word(where),
      incumbent: word(incumbent),
      ours: word(ours),
      why: word(why),
    } as const;
    this.differences.set(key, { ...(known ?? first), until: at, position, count: (known?.count ?? 0) + 1 });
    return true;
  }
}

function spelled({ brand, model, serial, proof }: DeviceMark): DeviceMark {
  return { brand: word(brand), model: word(model), serial: word(serial), proof };
}
