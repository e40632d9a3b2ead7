import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequestStream, type ArtefactsCaptured } from '#release-control/published';
import { WATCH_LIST_STREAM, watchList } from '../../domain/watch-list/watch-list.js';
import { because } from '../../sync/sync-context.js';

const CHANGE_REQUEST = changeRequestStream('');

/** Has every snap watched that a change request asked for and capture found: what is held is among them. */
export function watchAskedReactor({
  writer,
  clock,
}: {
  readonly writer: StreamWriter;
  readonly clock: Clock;
}) {
  return {
    name: 'watch-asked-snaps',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'ArtefactsCaptured' || !envelope.stream.startsWith(CHANGE_REQUEST)) return;
      const changeRequest = envelope.stream.slice(CHANGE_REQUEST.length);
      const { changes } = envelope.data as unknown as ArtefactsCaptured['data'];
      const overrides = changes.filter((change) => change.kind === undefined);
      const snaps = overrides.filter(({ target }) => target.format === 'snap');
      const names = new Map(snaps.map(({ target, name }) => [target.subject, name]));
      for (const [snapId, name] of names) {
        await writer.decideAndAppend(watchList, WATCH_LIST_STREAM, {
          type: 'NoteAskedFor',
          name,
          snapId,
          changeRequest,
          context: because(envelope, clock, { code: 'watch', text: `${changeRequest} asks for ${name}` }),
        });
      }
    },
  };
}
