import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** What is known of the clocks that events are stamped by (R06). */
export const CLOCK_STREAM = 'clock';

/** Whose clock: a server, and the machine that it runs on, by its own name. */
export interface ClockOf {
  readonly server: string;
  readonly host: string;
}

/** Whether a clock follows a time server, and who says so. */
export type Synchronisation = {
  readonly state: 'synchronised' | 'not-synchronised' | 'unknown';
  readonly source: string;
};

/** `at`: RFC 3339, UTC, by that clock. `old` is null at the first look. */
type Noted = ClockOf & {
  readonly old: Synchronisation | null;
  readonly new: Synchronisation;
  readonly at: string;
};

/** At the first look, at a start an hour later or more, and whenever it is another one. */
export type TimeSynchronisationNoted = DomainEvent<'TimeSynchronisationNoted', Noted>;
/** It followed a time server, or nobody could say, and follows none any more; or it followed one, and nobody can say any more. Alarm. */
export type TimeSynchronisationLost = DomainEvent<'TimeSynchronisationLost', Noted>;
/** The clock of the day was set, by so many milliseconds more than had passed: negative when it went back. Alarm. */
export type ClockStepped = DomainEvent<
  'ClockStepped',
  ClockOf & {
    readonly byMs: number;
    /** What it would have shown. */
    readonly expected: string;
    readonly found: string;
  }
>;
/** At a start, the newest event is of a time that the clock has not reached: it was set back meanwhile, or that event's clock was ahead. Alarm. */
export type ClockBehindHistory = DomainEvent<
  'ClockBehindHistory',
  ClockOf & {
    readonly behindMs: number;
    readonly found: string;
    /** Of the newest event. */
    readonly newestAt: string;
  }
>;
export type ClockEvent =
  TimeSynchronisationNoted | TimeSynchronisationLost | ClockStepped | ClockBehindHistory;

export interface NoteSynchronisation extends ClockOf {
  readonly type: 'NoteSynchronisation';
  readonly synchronisation: Synchronisation;
  /** Of the server. */
  readonly atStart: boolean;
  readonly context: CommandContext;
}

export interface NoteStep extends ClockOf {
  readonly type: 'NoteStep';
  readonly byMs: number;
  readonly context: CommandContext;
}

export interface NoteStart extends ClockOf {
  readonly type: 'NoteStart';
  readonly newestAt: string;
  readonly context: CommandContext;
}

export type ClockCommand = NoteSynchronisation | NoteStep | NoteStart;

export interface KnownClock extends ClockOf {
  readonly synchronisation: Synchronisation;
  /** When that was noted last. */
  readonly at: string;
}

/** The clocks that something was noted of, by {@link keyOf}, the last one last. */
export type Clocks = ReadonlyMap<string, KnownClock>;

/** Names of machines come and go, as containers do. */
const MOST_KNOWN = 20;

/** More than this is no drift that a time server evens out. Milliseconds. */
export const LEAST_STEP_MS = 2_000;

const HOUR_MS = 3_600_000;

function decide(command: ClockCommand, state: Clocks): readonly ClockEvent[] {
  const { server, host, context } = command;
  const { at } = context;
  switch (command.type) {
    case 'NoteSynchronisation': {
      const { synchronisation, atStart } = command;
      const known = state.get(keyOf(command));
      const old = known?.synchronisation ?? null;
      const again = atStart && known !== undefined && isLongAgo(known.at, at);
      if (old !== null && sameSynchronisation(old, synchronisation) && !again) return [];
      const data = { server, host, old, new: synchronisation, at };
      return [
        {
          type: isLost(old, synchronisation) ? 'TimeSynchronisationLost' : 'TimeSynchronisationNoted',
          data,
        },
      ];
    }
    case 'NoteStep': {
      const { byMs } = command;
      if (Math.abs(byMs) < LEAST_STEP_MS) return [];
      const expected = new Date(Date.parse(at) - byMs).toISOString();
      return [{ type: 'ClockStepped', data: { server, host, byMs, expected, found: at } }];
    }
    case 'NoteStart': {
      const { newestAt } = command;
      const behindMs = Date.parse(newestAt) - Date.parse(at);
      if (!(behindMs >= LEAST_STEP_MS)) return [];
      return [{ type: 'ClockBehindHistory', data: { server, host, behindMs, found: at, newestAt } }];
    }
  }
}

export function sameSynchronisation(one: Synchronisation, other: Synchronisation): boolean {
  return one.state === other.state && one.source === other.source;
}

function isLost(old: Synchronisation | null, now: Synchronisation): boolean {
  if (now.state === 'synchronised' || old?.state === now.state) return false;
  return now.state === 'not-synchronised' || old?.state === 'synchronised';
}

/** Also when the clock went back meanwhile. */
function isLongAgo(then: string, now: string): boolean {
  return Math.abs(Date.parse(now) - Date.parse(then)) >= HOUR_MS;
}

function keyOf({ server, host }: ClockOf): string {
  return `${server} on ${host}`;
}

function evolve(state: Clocks, event: ClockEvent): Clocks {
  switch (event.type) {
    case 'TimeSynchronisationNoted':
    case 'TimeSynchronisationLost': {
      const { server, host, new: synchronisation, at } = event.data;
      const key = keyOf(event.data);
      const others = [...state].filter(([each]) => each !== key).slice(1 - MOST_KNOWN);
      return new Map([...others, [key, { server, host, synchronisation, at }]]);
    }
    case 'ClockStepped':
    case 'ClockBehindHistory':
      return state;
  }
}

export const clock: Decider<ClockCommand, ClockEvent, Clocks> & {
  readonly versions: { readonly [Type in ClockEvent['type']]: 1 };
} = {
  initialState: new Map(),
  versions: {
    TimeSynchronisationNoted: 1,
    TimeSynchronisationLost: 1,
    ClockStepped: 1,
    ClockBehindHistory: 1,
  },
  decide,
  evolve,
};

/** What is known of one; undefined: nothing. */
export function knownClock(clocks: Clocks, of: ClockOf): KnownClock | undefined {
  return clocks.get(keyOf(of));
}
