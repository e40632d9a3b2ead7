import { expect } from 'vitest';
import { fold, type CommandContext, type Decider, type DomainEvent, type PersonActor } from '#kernel';

/** Specs of deciders read: given these events, when this command, then exactly these events (or this refusal). */
export function specify<Command, Event extends DomainEvent, State>(decider: Decider<Command, Event, State>) {
  return {
    given: (...history: Event[]) => ({
      when: (command: Command) => {
        const decide = () => decider.decide(command, fold(decider, history));
        return {
          then: (...expected: Event[]) => expect(decide()).toEqual(expected),
          thenNothing: () => expect(decide()).toEqual([]),
          thenRefused: (code: string) => expect(decide).toThrow(expect.objectContaining({ code })),
        };
      },
    }),
  };
}

const REASON = { code: 'security-fix', text: 'CVE-2026-1234, tested per TP-88' };

/** A person's command at a fixed moment. */
export function byPerson(
  name: string,
  roles: readonly string[],
  rest: Partial<CommandContext> & { readonly auth?: PersonActor['auth'] } = {},
): CommandContext {
  const { auth = 'session', ...context } = rest;
  return {
    at: '2026-11-22T12:48:14.123Z',
    actor: { kind: 'person', id: `id-of-${name}`, name, roles, auth },
    reason: REASON,
    cause: 'command-1',
    correlation: 'request-1',
    authorisedBy: [],
    ...context,
  };
}

/** The worker's command for a record. */
export function byWorker(record: string, rest: Partial<CommandContext> = {}): CommandContext {
  return { ...byPerson('nobody', [], rest), actor: { kind: 'service', id: 'worker', for: record }, ...rest };
}
