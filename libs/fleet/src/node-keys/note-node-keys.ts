import type pg from 'pg';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { node, nodeStream } from '../domain/node/node.js';
import { forNode } from '../service-context.js';

export interface KeyWatch {
  /** With the worker's role. */
  readonly database: Pick<pg.Pool, 'query'>;
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

export interface EndingKeys {
  /** Names of the nodes of which it was recorded now. */
  readonly noted: { readonly ending: readonly string[]; readonly ended: readonly string[] };
  /** Of all whose key has ended, or whose end is near. */
  readonly count: number;
}

/** Records, once of each key, that its end is near or has come. A node that was never heard of has handed nothing over, and is not looked at. */
export async function noteNodeKeys({ database, writer, clock }: KeyWatch): Promise<EndingKeys> {
  const { rows } = await database.query<{ node: string }>('select node from fleet.heartbeat order by node');
  const noted = { ending: [] as string[], ended: [] as string[] };
  let count = 0;
  for (const { node: name } of rows) {
    const context = forNode('worker', name, clock, {
      code: 'key-end',
      text: 'The proxy has not made a new key in the time that it had for it.',
    });
    const { events, state } = await writer.decideAndAppend(node, nodeStream(name), {
      type: 'NoteKey',
      context,
    });
    if (events.some(({ type }) => type === 'NodeKeyEnding')) noted.ending.push(name);
    if (events.some(({ type }) => type === 'NodeKeyEnded')) noted.ended.push(name);
    if (state.status === 'enrolled' && state.keyTold !== null) count++;
  }
  return { noted, count };
}
