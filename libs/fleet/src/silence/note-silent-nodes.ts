import type pg from 'pg';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { node, nodeStream } from '../domain/node/node.js';
import { forNode } from '../service-context.js';

/** A node says once a minute that it is there. */
export const SILENT_AFTER_MS = 15 * 60_000;

export interface Silence {
  /** With the worker's role. */
  readonly database: Pick<pg.Pool, 'query'>;
  readonly writer: StreamWriter;
  readonly clock: Clock;
}

export interface SilentNodes {
  /** Names of those that were recorded now. */
  readonly noted: readonly string[];
  /** Of all that are silent. */
  readonly silent: readonly string[];
}

/**
 * Records each node that was not heard of for {@link SILENT_AFTER_MS}, once until it is back. One that was never heard of is not silent.
 */
export async function noteSilentNodes({ database, writer, clock }: Silence): Promise<SilentNodes> {
  const before = new Date(Date.parse(clock.now()) - SILENT_AFTER_MS);
  const { rows } = await database.query<{ node: string; heard_at: Date }>(
    'select node, heard_at from fleet.heartbeat where heard_at < $1 order by node',
    [before],
  );
  const [noted, silent]: [string[], string[]] = [[], []];
  for (const { node: name, heard_at } of rows) {
    const context = forNode('worker', name, clock, {
      code: 'silence',
      text: 'The proxy has not said for a quarter of an hour that it is there.',
    });
    const command = { type: 'NoteSilence', since: heard_at.toISOString(), context } as const;
    const { events, state } = await writer.decideAndAppend(node, nodeStream(name), command);
    if (events.length > 0) noted.push(name);
    if (state.status === 'enrolled') silent.push(name);
  }
  return { noted, silent };
}
