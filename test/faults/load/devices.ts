import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from '#apps/host/src/home';
import type { Chance } from '../chance.js';
import type { Findings } from '../findings.js';
import { ask, begins, download, type Asked, type Offer } from './store-client.js';
import { Stock } from './stock.js';

/** What a device was offered, in the order in which it asked. */
export interface Observation {
  readonly snap: string;
  readonly channel: string;
  readonly revision: number;
}

export interface DeviceCounts {
  asked: number;
  unanswered: number;
  downloads: number;
  /** Downloads of what upstream tampered with. */
  tampered: number;
  cut: number;
  bytes: number;
}

/** The devices' load: they ask and download, and hold every byte against what upstream published. */
export class Devices {
  /** Emits `bytes` at the first bytes of a large download. */
  readonly events = new EventEmitter<{ bytes: [] }>();
  /** Since they were last taken. */
  observations: Observation[] = [];
  counts: DeviceCounts = zero();

  constructor(
    private readonly proxy: string,
    private readonly home: Home,
    private readonly stock: Stock,
  ) {}

  async run(stop: AbortSignal, chance: Chance, findings: Findings): Promise<void> {
    const loop = async (turn: () => Promise<void>, pauseMs: number): Promise<void> => {
      while (!stop.aborted) {
        await turn().catch((error: unknown) => findings.add(`a device: ${text(error)}`));
        await delay(pauseMs);
      }
    };
    await Promise.all([
      loop(() => this.look(chance, findings), 100),
      loop(() => this.fetchHeld(chance, findings), 100),
      loop(() => this.fetchLarge(chance, findings), 400),
      loop(() => this.fetchTampered(chance, findings), 500),
    ]);
  }

  /** Asks for what is held, for what may be, and for what never is. */
  async ask(snap: string, channel: string): Promise<Asked> {
    const asked = await this.counted(snap, { channel });
    if (typeof asked !== 'string') this.observations.push({ snap, channel, revision: asked.revision });
    return asked;
  }

  private async counted(
    snap: string,
    wanted: { readonly channel: string } | { readonly revision: number },
  ): Promise<Asked> {
    const asked = await ask(this.proxy, snap, wanted);
    this.counts.asked += 1;
    if (asked === 'cut') this.counts.unanswered += 1;
    return asked;
  }

  /** Removes what the proxy has cached: it must be fetched from upstream again. */
  async forget({ sha3_384 }: Offer): Promise<void> {
    await rm(join(this.home.cache(), 'artefacts', sha3_384), { force: true });
  }

  private async look(chance: Chance, findings: Findings): Promise<void> {
    await this.ask('lab-tool', 'latest/stable');
    const open = await this.ask('lab-multi', 'latest/stable');
    if (typeof open !== 'string' && open.revision !== 10)
      findings.add(`lab-multi is not held, and was offered at ${open.revision}`);
    const explicit = await this.counted('lab-hello', { revision: chance.pick([1, 2, 5]) });
    findings.expect(
      typeof explicit === 'string',
      `lab-hello is held, and was given at another revision: ${JSON.stringify(explicit)}`,
    );
  }

  private async fetchHeld(chance: Chance, findings: Findings): Promise<void> {
    const offer = await this.ask('lab-hello', 'latest/stable');
    if (typeof offer === 'string') {
      findings.expect(offer === 'cut', 'lab-hello is held, and the store said that there is none');
      return;
    }
    await this.fetch(offer, undefined, findings);
    const start = chance.below(offer.size);
    await this.fetch(offer, { start, end: start + chance.below(offer.size - start) }, findings);
  }

  /** What is cached is removed first, by turns: so it is fetched from upstream, verified on the way, and followed by several. */
  private async fetchLarge(chance: Chance, findings: Findings): Promise<void> {
    const { snap, channel } = chance.pick([Stock.LARGE_RELAYED, Stock.LARGE_KEPT]);
    const offer = await this.ask(snap, channel);
    if (typeof offer === 'string') return;
    if (chance.next() < 0.5) await this.forget(offer);
    const middle = Math.floor(offer.size / 2);
    await Promise.all([
      this.fetch(offer, undefined, findings, () => this.events.emit('bytes')),
      this.fetch(offer, { start: middle, end: offer.size - 1 }, findings),
    ]);
  }

  /**
   * What upstream sends of it is not what it signed. What was relayed before that showed is no use to a device: no answer to the end of
   * what was asked for, be it the whole or a part, ever comes.
   */
  private async fetchTampered(chance: Chance, findings: Findings): Promise<void> {
    const { snap, channel, revision } = Stock.TAMPERED;
    const offer = await this.ask(snap, channel);
    if (typeof offer === 'string') return;
    const start = chance.below(offer.size);
    const ranges = [undefined, { start, end: start + chance.below(offer.size - start) }];
    for (const got of await Promise.all(ranges.map((range) => download(offer.url, range)))) {
      this.counts.tampered += 1;
      findings.expect(
        got?.whole !== true,
        `${snap} ${revision}: ${got?.length} bytes were given as all that was asked for, and do not verify`,
      );
    }
  }

  private async fetch(
    offer: Offer,
    range: { readonly start: number; readonly end: number } | undefined,
    findings: Findings,
    onFirst?: () => void,
  ): Promise<void> {
    const got = await download(offer.url, range, onFirst);
    this.counts.downloads += 1;
    if (!got) {
      this.counts.cut += 1;
      return;
    }
    this.counts.bytes += got.length;
    if (!got.whole) this.counts.cut += 1;
    const { content, sha3_384 } = await this.stock.published(offer.snap, offer.revision);
    const what = `${offer.snap} ${offer.revision}${range ? `, bytes ${range.start} to ${range.end}` : ''}`;
    findings.expect(offer.sha3_384 === sha3_384, `${what} was offered with another digest than published`);
    const { start, end } = range ?? { start: 0, end: content.length - 1 };
    const right = content.subarray(start, end + 1);
    findings.expect(begins(right, got), `${what}: ${got.length} bytes came that are not what was published`);
    findings.expect(
      !got.whole || got.length === right.length,
      `${what}: ${got.length} bytes came as the whole of ${right.length}`,
    );
  }
}

/** With a proxy that nothing happened to, every question is answered, and every download comes whole. */
export function compareNoticed({ unanswered, cut }: DeviceCounts, findings: Findings): void {
  findings.expect(unanswered === 0, `devices were not answered ${unanswered} times, and the proxy was alive`);
  findings.expect(cut === 0, `downloads were cut ${cut} times, and the proxy was alive`);
}

export function zero(): DeviceCounts {
  return { asked: 0, unanswered: 0, downloads: 0, tampered: 0, cut: 0, bytes: 0 };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
