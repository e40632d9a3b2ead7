import { until } from '../until.js';
import type { Board, Shown } from './board.js';

const WITHIN_MS = 20_000;

/** Waits until a request is none of these any more. @throws Error when it stays so */
export type Answered = (id: string, before: readonly string[]) => Promise<Shown>;

export function answeredBy(board: Board): Answered {
  return (id, before) =>
    until(`${id} is answered`, WITHIN_MS, async () => {
      const shown = await board.show(id);
      return before.includes(shown.status) ? undefined : shown;
    });
}
