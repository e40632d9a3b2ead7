import { randomBytes } from 'node:crypto';
import type { DeviceMark, MemberStamp } from '../domain/deliveries/record.js';
import { hashed, printOfHalves, scattered } from './prints.js';
import type { Offer } from './recorder.js';

/**
 * Tells offers that were seen from new ones, by a print of 53 bits each. Their prints stand in one table of numbers: a set of texts is garbage by the
 * megabyte, which the answers to devices pay for. Where each begins is drawn at random, so that nobody finds two offers with one print beforehand.
 */
export class KnownOffers {
  private readonly table: Float64Array;
  private size = 0;
  private readonly low: number;
  private readonly high: number;

  /**
   * @param most beyond them, all are forgotten
   * @param seed 8 bytes
   */
  constructor(
    private readonly most: number,
    seed: Buffer = randomBytes(8),
  ) {
    // Never more than half full.
    this.table = new Float64Array(2 ** Math.ceil(Math.log2(2 * most)));
    this.low = seed.readInt32LE(0);
    this.high = seed.readInt32LE(4);
  }

  /** @returns false when it is known already */
  add(device: DeviceMark | null, offer: Offer, member?: MemberStamp): boolean {
    const half = (from: number) => halfOf(device, offer, from, member);
    const print = printOfHalves(half(this.low), half(this.high)) || 1;
    let at = this.placeOf(print);
    if (this.table[at] === print) return false;
    if (this.size >= this.most) {
      this.clear();
      at = this.placeOf(print);
    }
    this.table[at] = print;
    this.size++;
    return true;
  }

  clear(): void {
    this.table.fill(0);
    this.size = 0;
  }

  /** Where it stands, or the free place where it would. */
  private placeOf(print: number): number {
    const last = this.table.length - 1;
    let at = print & last;
    while (this.table[at] !== 0 && this.table[at] !== print) at = (at + 1) & last;
    return at;
  }
}

function halfOf(
  device: DeviceMark | null,
  { snapId, revision, channel }: Offer,
  from: number,
  member: MemberStamp | undefined,
): number {
  const who = device ? hashOf([device.brand, device.model, device.serial, device.proof], from) : from;
  const where = member ? hashOf([member.ring, member.rule], who) : who;
  return scattered(hashOf([snapId, channel ?? ''], where) ^ Math.imul(revision, 0x9e3779b1));
}

function hashOf(words: readonly string[], from: number): number {
  let hash = from;
  for (const word of words) hash = scattered(hashed(word, hash));
  return hash;
}
