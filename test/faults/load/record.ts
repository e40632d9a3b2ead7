import { EventEmitter } from 'node:events';
import { appendFileSync } from 'node:fs';

export type CommandName =
  | 'draft'
  | 'submit'
  | 'withdraw'
  | 'approve'
  | 'reject'
  | 'revise'
  | 'comment'
  | 'attach'
  | 'release'
  | 'ratify'
  | 'verify'
  | 'recall';

/** A command as a person gave it. Its tag is the ticket of its reason, or stands in its words where there is none, and stands on nothing else. */
export interface Attempt {
  readonly tag: string;
  readonly round: number;
  readonly command: CommandName;
  /** The change request; unknown while it is being drafted. */
  readonly request?: string;
  /** What was asked for, to be found in the record again. */
  readonly content: unknown;
}

export type Outcome =
  | {
      readonly kind: 'acknowledged';
      readonly id: string;
      readonly status: string;
      readonly cursor: string | null;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  /** Cut off, timed out, or the site itself did not know: it may have been done, once. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The tag that stands in somebody's words; undefined: none does. */
export function tagIn(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.map((text) => /\bF\d*-\d+-\d+\b/.exec(text ?? '')?.[0]).find((tag) => tag !== undefined);
}

export interface Entry extends Attempt {
  outcome: Outcome;
}

/**
 * The independent record: what was asked of the site and what it answered, written outside of it, line by line, before anything else is
 * done with an answer.
 */
export class CommandRecord {
  readonly entries: Entry[] = [];
  /** Emits `attempt` when a command goes out. */
  readonly events = new EventEmitter<{ attempt: [Attempt] }>();
  private tags = 0;

  constructor(
    private readonly file: string,
    private readonly run: string,
  ) {}

  tag(round: number): string {
    return `${this.run}-${round}-${++this.tags}`;
  }

  begin(attempt: Attempt): Entry {
    const entry: Entry = { ...attempt, outcome: { kind: 'unknown', why: 'no answer yet' } };
    this.entries.push(entry);
    this.write(attempt);
    this.events.emit('attempt', attempt);
    return entry;
  }

  end(entry: Entry, outcome: Outcome): void {
    entry.outcome = outcome;
    this.write({ tag: entry.tag, outcome });
  }

  private write(line: object): void {
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
