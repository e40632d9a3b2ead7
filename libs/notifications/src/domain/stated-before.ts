import { statedBefore, type StatedBeforeIn } from '#kernel';
import type { MailAddresses, MailAddressSet } from './mail-addresses/mail-addresses.js';
import type { Definition, SinksEvent } from './sinks/events.js';
import { definitionOf, type Sinks } from './sinks/sinks.js';

const A_POSITION = { because: 'it is the position from which on the sink is told' };

/** What events about sinks say was before them (R03). */
export const statedOfSinks: StatedBeforeIn<SinksEvent, Sinks> = {
  SinkAdded: A_POSITION,
  SinkChanged: ({ name, old }, state) => [statedBefore('old', old, definitionIn(state, name))],
  SinkRemoved: ({ name, old }, state) => [statedBefore('old', old, definitionIn(state, name))],
  SinkPaused: null,
  SinkResumed: null,
  SinkReplayAsked: A_POSITION,
  SinkFailing: null,
  SinkRecovered: ({ name, since }, { byName }) => [
    statedBefore('since', since, byName.get(name)?.failingSince),
  ],
};

/** The same of people's mail addresses. */
export const statedOfMailAddresses: StatedBeforeIn<MailAddressSet, MailAddresses> = {
  MailAddressSet: ({ login, old }, state) => [statedBefore('old', old, state.get(login))],
};

function definitionIn({ byName }: Sinks, name: string): Definition | undefined {
  const sink = byName.get(name);
  return sink && definitionOf(sink);
}
