import { actorName, canonicalJson, type CommandContext, type Decider, type JsonValue } from '#kernel';
import { NotificationError } from '../../errors.js';
import type { AddSink, ChangeSink, SinksCommand } from './commands.js';
import type { Definition, SinksEvent } from './events.js';
import { givenAs, targetOf, wrongSink, type Target } from './target.js';
import type { Filter } from './topics.js';

/** All sinks of a site are one stream: there are few, and their names are theirs together. */
export const SINKS_STREAM = 'notification-sinks';

export const SINK_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const SINK_NAME_RULE =
  'must be 1 to 63 small letters, digits and "-", and begin with a letter or a digit';

/** Each is a reader of the whole history. */
const MOST_SINKS = 20;
const MOST_TYPES = 50;

export interface Sink extends Definition {
  readonly name: string;
  /** Counts every sink that there ever was: one that is removed and added again is another one. */
  readonly number: number;
  readonly status: 'active' | 'paused';
  /** The position that it begins at; null: behind the event that added it. */
  readonly from: string | null;
  /** The replays that were asked for, from where each. */
  readonly replays: readonly string[];
  /** RFC 3339: since when it takes nothing; null while it does. */
  readonly failingSince: string | null;
}

export interface Sinks {
  readonly byName: ReadonlyMap<string, Sink>;
  /** How many were ever added. */
  readonly added: number;
}

/** Under which a sink's place, and what it was not told of, is kept. */
export function sinkKey({ name, number }: Pick<Sink, 'name' | 'number'>): string {
  return `sink/${name}/${number}`;
}

/** @throws NotificationError */
function decide(command: SinksCommand, state: Sinks): readonly SinksEvent[] {
  switch (command.type) {
    case 'AddSink':
      requireOperator(command.context);
      return add(command, state);
    case 'ChangeSink':
      requireOperator(command.context);
      return change(command, requireSink(state, command.name));
    case 'RemoveSink': {
      requireOperator(command.context);
      const { name, ...sink } = requireSink(state, command.name);
      return [{ type: 'SinkRemoved', data: { name, old: definitionOf(sink) } }];
    }
    case 'PauseSink': {
      requireOperator(command.context);
      const { name, status } = requireSink(state, command.name);
      return status === 'paused' ? [] : [{ type: 'SinkPaused', data: { name } }];
    }
    case 'ResumeSink': {
      requireOperator(command.context);
      const { name, status } = requireSink(state, command.name);
      return status === 'active' ? [] : [{ type: 'SinkResumed', data: { name } }];
    }
    case 'ReplaySink': {
      requireOperator(command.context);
      const { name } = requireSink(state, command.name);
      return [{ type: 'SinkReplayAsked', data: { name, from: command.from } }];
    }
    case 'NoteFailing': {
      const sink = state.byName.get(command.name);
      if (!sink || sink.failingSince !== null) return [];
      const { name, since, why } = command;
      return [{ type: 'SinkFailing', data: { name, since, why } }];
    }
    case 'NoteRecovered': {
      const sink = state.byName.get(command.name);
      if (!sink || sink.failingSince === null) return [];
      return [{ type: 'SinkRecovered', data: { name: sink.name, since: sink.failingSince } }];
    }
  }
}

function add(command: AddSink, { byName }: Sinks): readonly SinksEvent[] {
  const { name, target, filter, secret, giveUpAfterHours, from } = command;
  if (!SINK_NAME.test(name)) throw wrongSink([`${JSON.stringify(name)} is no name: it ${SINK_NAME_RULE}`]);
  if (byName.has(name)) throw new NotificationError('sink-exists', `there is a sink ${name} already`);
  if (byName.size >= MOST_SINKS)
    throw new NotificationError(
      'too-many-sinks',
      `there are ${byName.size} sinks: that is all there may be; remove one first`,
    );
  const definition = { target, filter: checked(filter), secret, giveUpAfterHours };
  return [{ type: 'SinkAdded', data: { name, new: definition, from } }];
}

function change(command: ChangeSink, sink: Sink): readonly SinksEvent[] {
  const old = definitionOf(sink);
  const target = targetOf({ ...givenAs(old.target), ...command.target });
  requireCredentials(old, target, command.secret);
  const filter = command.filter === undefined ? old.filter : checked(command.filter);
  const next = {
    target,
    filter,
    secret: command.secret === undefined ? old.secret : command.secret,
    giveUpAfterHours: command.giveUpAfterHours ?? old.giveUpAfterHours,
  };
  return same(old, next) ? [] : [{ type: 'SinkChanged', data: { name: sink.name, old, new: next } }];
}

/** What one server was given is not shown to another. */
function requireCredentials(old: Definition, target: Target, secret: ChangeSink['secret']): void {
  if (secret === null && target.kind !== 'mail')
    throw wrongSink(['only a mail server can be without credentials.']);
  const moved = old.target.kind === 'mail' && target.kind === 'mail' && old.target.server !== target.server;
  if (moved && old.secret !== null && secret === undefined)
    throw wrongSink([
      'the credentials are those of the server before: give those of the new one, or say that it asks for none.',
    ]);
}

const EVENT_TYPE = /^[A-Z][A-Za-z]{2,63}$/;

function checked({ about, types }: Filter): Filter {
  const wrong = types.find((type) => !EVENT_TYPE.test(type));
  if (wrong !== undefined)
    throw wrongSink([
      `${JSON.stringify(wrong)} is no type of an event: docs/reference/events.md names them, as in OverrideSet`,
    ]);
  if (types.length > MOST_TYPES) throw wrongSink([`a sink names ${MOST_TYPES} types of events at most`]);
  return { about: [...new Set(about)], types: [...new Set(types)] };
}

/** What it is, without its name and how it is. */
export function definitionOf({ target, filter, secret, giveUpAfterHours }: Definition): Definition {
  return { target, filter, secret, giveUpAfterHours };
}

function same(one: Definition, other: Definition): boolean {
  const [a, b] = [one, other].map((each) => canonicalJson(each as unknown as JsonValue));
  return a === b;
}

/** @throws NotificationError `no-such-sink` */
export function requireSink({ byName }: Sinks, name: string): Sink {
  const sink = byName.get(name);
  if (sink) return sink;
  const there = [...byName.keys()].join(', ') || 'none';
  throw new NotificationError('no-such-sink', `there is no sink ${name}: there are ${there}`);
}

/** Who runs the site says where its events go. @throws NotificationError `operator-required` */
export function requireOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.roles.includes('operator')) return;
  throw new NotificationError('operator-required', `${actorName(actor)} does not have the role operator`);
}

function evolve(state: Sinks, event: SinksEvent): Sinks {
  switch (event.type) {
    case 'SinkAdded': {
      const { name, new: definition, from } = event.data;
      const number = state.added + 1;
      const sink = {
        ...definition,
        name,
        number,
        status: 'active',
        from,
        replays: [],
        failingSince: null,
      } as const;
      return { byName: new Map([...state.byName, [name, sink]]), added: number };
    }
    case 'SinkRemoved': {
      const byName = new Map(state.byName);
      byName.delete(event.data.name);
      return { ...state, byName };
    }
    case 'SinkChanged':
      return changed(state, event.data.name, () => event.data.new);
    case 'SinkPaused':
      return changed(state, event.data.name, () => ({ status: 'paused' }));
    case 'SinkResumed':
      return changed(state, event.data.name, () => ({ status: 'active' }));
    case 'SinkReplayAsked':
      return changed(state, event.data.name, ({ replays }) => ({
        replays: [...replays, event.data.from],
      }));
    case 'SinkFailing':
      return changed(state, event.data.name, () => ({ failingSince: event.data.since }));
    case 'SinkRecovered':
      return changed(state, event.data.name, () => ({ failingSince: null }));
  }
}

function changed(state: Sinks, name: string, what: (sink: Sink) => Partial<Sink>): Sinks {
  const sink = state.byName.get(name);
  if (!sink) throw new Error(`the history changes a sink ${name} that it did not add`);
  return { ...state, byName: new Map([...state.byName, [name, { ...sink, ...what(sink) }]]) };
}

export const sinks: Decider<SinksCommand, SinksEvent, Sinks> & {
  readonly versions: { readonly [Type in SinksEvent['type']]: 1 };
} = {
  initialState: { byName: new Map(), added: 0 },
  versions: {
    SinkAdded: 1,
    SinkChanged: 1,
    SinkRemoved: 1,
    SinkPaused: 1,
    SinkResumed: 1,
    SinkReplayAsked: 1,
    SinkFailing: 1,
    SinkRecovered: 1,
  },
  decide,
  evolve,
};
