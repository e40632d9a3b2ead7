import { fold, type DomainEvent, type EventEnvelope, type StatedBefore, type StatedBeforeIn } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';

/** How the streams of a kind are folded again, and what their events say was before them. */
export interface ReplayedKind {
  /** A stream's name, or with "/" at its end what the names of many begin with. */
  readonly streams: string;
  /** Of every type of event that such a stream has: whether it says what was before it, and where it seems to and is not compared, why. */
  readonly says: Readonly<Record<string, Says>>;
  readonly initialState: unknown;
  evolve(state: unknown, envelope: EventEnvelope): unknown;
  stated(state: unknown, envelope: EventEnvelope): readonly StatedBefore[];
}

type Says = 'nothing' | 'what-was-before' | { readonly because: string };

interface Evolving<Event extends DomainEvent, State> {
  readonly initialState: State;
  readonly versions: { readonly [Type in Event['type']]: number };
  evolve(state: State, event: Event): State;
}

type Rule =
  ((data: unknown, state: unknown) => readonly StatedBefore[]) | { readonly because: string } | null;

/** @param rules of each type of event: the compiler sees to it that none is left out */
export function replayed<Event extends DomainEvent, State>(
  streams: string,
  kind: Evolving<Event, State>,
  rules: StatedBeforeIn<Event, State>,
): ReplayedKind {
  const byType: ReadonlyMap<string, Rule> = new Map(Object.entries(rules as Record<string, Rule>));
  const says = Object.fromEntries([...byType].map(([type, rule]) => [type, saidBy(rule)]));
  return {
    streams,
    says,
    initialState: kind.initialState,
    evolve: (state, envelope) =>
      fold<Event, State>(
        { initialState: state as State, evolve: (from, event) => kind.evolve(from, event) },
        [domainEvent(kind, envelope)],
      ),
    stated: (state, envelope) => {
      const { type, data } = domainEvent(kind, envelope);
      const rule = byType.get(type);
      return typeof rule === 'function' ? rule(data, state) : [];
    },
  };
}

function saidBy(rule: Rule): Says {
  if (rule === null) return 'nothing';
  return typeof rule === 'function' ? 'what-was-before' : rule;
}
