import { uuidv7, type CommandContext } from '#kernel';
import { currentRequestId } from '#platform/http/request-id';
import { servingChangeRequest } from '../domain/change-request/change-request.js';
import { dueBy, schedule, SCHEDULE_STREAM, type Due } from '../domain/schedule/schedule.js';
import { startStage, type StageReactorPorts } from './roll-out-plan/start-stage.js';
import { expireChange } from './expire-change.js';
import { startChange } from './start-change.js';

/**
 * Has happen what is due by the server's clock. Each request decides for itself whether it still is: asked twice, it does it once. What was done leaves the
 * schedule by the events that came of it, so that nothing is lost between the two.
 * @param onError told of one that could not be asked; the others are, unless it throws
 * @returns when the next one is due, RFC 3339 UTC; undefined: none waits
 */
export async function keepSchedule(
  ports: StageReactorPorts,
  onError: (error: unknown, id: string) => void = rethrow,
): Promise<string | undefined> {
  const { writer, clock } = ports;
  const { state: waiting } = await writer.load(schedule, SCHEDULE_STREAM);
  const now = clock.now();
  for (const [id, due] of dueBy(waiting, now)) {
    try {
      await ask(ports, id, due, now);
    } catch (error) {
      onError(error, id);
    }
  }
  return [...waiting.values()]
    .map(({ at }) => at)
    .sort()
    .find((at) => at > now);
}

async function ask(ports: StageReactorPorts, id: string, due: Due, now: string): Promise<void> {
  const { writer } = ports;
  const context = contextFor(id, due, now);
  switch (due.does) {
    case 'start':
    case 'start-soaked':
    case 'start-reviewed':
      await startChange(writer, id, context);
      return;
    case 'start-stage':
      await startStage(ports, id);
      return;
    case 'expire':
      await expireChange(writer, id, context);
  }
}

const WHY: Readonly<Record<Due['does'], (at: string) => string>> = {
  start: (at) => `to begin at ${at}, which has come`,
  'start-soaked': () => 'it waited for soak in another ring, and was asked again',
  'start-reviewed': () => 'it waited for a review of the trail, and was asked again',
  expire: (at) => `not after ${at}, which has passed`,
  'start-stage': (at) => `to begin in its next ring at ${at} at the earliest`,
};

function rethrow(error: unknown): never {
  throw error;
}

function contextFor(id: string, { at, does, authorisedBy }: Due, now: string): CommandContext {
  return {
    at: now,
    actor: servingChangeRequest(id, 'worker'),
    reason: { code: 'schedule', text: WHY[does](at) },
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy,
  };
}
