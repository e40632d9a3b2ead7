import { EventEmitter } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

/** What must never be in a log: each says that something is lost, altered or stepped back. */
export const ALARMS = [
  'entry-differs',
  'store-behind',
  'ledger-behind',
  'checkpoints-disagree',
  'ledger-damaged',
  'policy-rolled-back',
  'policy-forked',
  'policy-bad-signature',
  'a kept artefact cannot be served',
  'a kept blob is damaged',
];

/** What else is read from it. */
export const WATCHED = {
  rebuild: 'rebuilds read models',
  obeyed: 'obeying a policy',
  unsealed: 'could not project; will try again',
  /** Upstream tampers with one artefact: that, and no other, and from nowhere else, must come to light. */
  mismatch: 'an artefact is not what its digest says',
} as const;

/** What the site's processes print, kept in a file, and watched for what the comparisons cannot see from outside. */
export class WatchedLog {
  /** Lines that were an alarm, since they were last taken. */
  private alarms: string[] = [];
  /** The policy positions that the proxy obeyed, in order, across its restarts. */
  readonly obeyed: bigint[] = [];
  /** The one artefact that upstream tampers with, once it is known. */
  tampered: string | undefined;
  /** How often the proxy saw that it was. */
  mismatches = 0;
  /** How often the projector could not seal or project. */
  unsealed = 0;
  /** Emits `rebuild` when the projector begins to make read models anew. */
  readonly events = new EventEmitter<{ rebuild: [] }>();
  private readonly out: WriteStream;

  constructor(file: string) {
    this.out = createWriteStream(file, { flags: 'a' });
  }

  line(text: string): void {
    this.out.write(`${new Date().toISOString()} ${text}\n`);
    if (ALARMS.some((alarm) => text.includes(alarm))) this.alarms.push(text);
    if (text.includes(WATCHED.mismatch)) this.mismatch(text);
    if (text.includes(`"${WATCHED.unsealed}"`)) this.unsealed += 1;
    if (text.includes(`"${WATCHED.rebuild}"`)) this.events.emit('rebuild');
    const position = /"position":"(\d+)"/.exec(text)?.[1];
    if (text.includes(`"${WATCHED.obeyed}"`) && position !== undefined) this.obeyed.push(BigInt(position));
  }

  private mismatch(text: string): void {
    const expected = text.includes(`"${this.tampered}"`) && text.includes('"where":"upstream"');
    if (expected) this.mismatches += 1;
    else this.alarms.push(text);
  }

  takeAlarms(): string[] {
    return this.alarms.splice(0);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.out.end(resolve));
  }
}
