import type { ReviewKind } from './kinds.js';

/** A right that somebody had, or an account without one (`role: null`). */
export interface RightLine {
  readonly of: 'right';
  readonly person: string;
  readonly login: string;
  readonly name: string;
  readonly role: string | null;
  /** The ring that it is held in alone; null: every one. */
  readonly ring: string | null;
}

/** A token with which a program acts for somebody. */
export interface TokenLine {
  readonly of: 'token';
  /** Whose it is. */
  readonly person: string;
  readonly login: string;
  readonly name: string;
  readonly token: string;
  readonly rings: readonly string[];
  readonly expiresAt: string;
}

export type AccessLine = RightLine | TokenLine;

/** What a periodic review lists (R36). In this order. */
export const SECTIONS = [
  'changes',
  'emergencies',
  'halts',
  'failures',
  'incidents',
  'sign-ins',
  'people',
  'holds',
  'restores',
  'integrity',
  'configuration',
  'reviews',
  'deviations',
] as const;
export type Section = (typeof SECTIONS)[number];

/** An event of the period; of the changes, a request and the last event of it in the period; of the deviations, each that was open at its end, whenever it was found. */
export interface PeriodicLine {
  readonly section: Section;
  /** Of the event, in the trail. */
  readonly position: string;
  readonly at: string;
  readonly type: string;
  /** The stream that it is of, such as `change-request/CR-2026-0042`. */
  readonly about: string;
  readonly by: string;
  readonly text: string;
}

/** How many events of a type. */
export interface TypeLine {
  readonly of: 'type';
  readonly type: string;
  readonly events: number;
}

/** Somebody who acted in the range, by themself or by a token: they are not independent of it (R13). */
export interface ActorLine {
  readonly of: 'actor';
  readonly person: string;
  readonly name: string;
  readonly events: number;
}

/** A change request of which there are events in the range (R15). */
export interface ChangeLine {
  readonly of: 'change';
  readonly changeRequest: string;
  readonly events: number;
  /** The number, in its stream, of the last of them. */
  readonly through: string;
}

/** Older reviews say nothing of changes. */
export type TrailLine = TypeLine | ActorLine | ChangeLine;

/** What was looked at. All of it follows from the first `size` events of the trail, and from nothing else. */
interface Seen {
  /** Positions below it. */
  readonly size: string;
}

/** A review's kind, what it is about, and what it lists; frozen when it is opened. */
export type Content =
  | {
      readonly kind: 'access';
      /** Who had which right at this time. RFC 3339, UTC. */
      readonly scope: Seen & { readonly asOf: string };
      readonly lines: readonly AccessLine[];
    }
  | {
      readonly kind: 'periodic';
      /**
       * `from` is included, `to` is not. RFC 3339, UTC. `events`: all that there were. `since`: what stands at this position or behind it is in it also where its
       * time is before `from`, since the review before this one had not seen it; absent where there is none.
       */
      readonly scope: Seen & {
        readonly from: string;
        readonly to: string;
        readonly events: number;
        readonly since?: string;
      };
      readonly lines: readonly PeriodicLine[];
    }
  | {
      readonly kind: 'trail';
      /** Positions, `from` is included, `to` is not. `digest`: SHA-256, hex, of a line for each event, the hex SHA-256 of its bytes and a line feed. */
      readonly scope: Seen & { readonly from: string; readonly to: string; readonly digest: string };
      readonly lines: readonly TrailLine[];
    };

export type Line = Content['lines'][number];

/** Of the kind. */
export type ContentOf<Kind extends ReviewKind> = Extract<Content, { readonly kind: Kind }>;
