import type { Item } from '../api/types.js';
import { reasonOf, type ReasonOptions } from '../input/reason.js';
import type { Invocation } from '../invocation.js';
import { inForceLine, shortChannel } from '../output/overrides.js';

export interface SubmitOptions extends ReasonOptions {
  readonly ring: string;
}

/** Submits one change request for all items, and shows what devices get meanwhile: nothing changes before it is approved. */
export async function submitItems(
  invocation: Invocation<SubmitOptions>,
  items: readonly Item[],
): Promise<void> {
  const { ring } = invocation.options;
  const connection = await invocation.connect();
  const draft = await connection.control.draftChange({
    ring,
    items,
    reason: reasonOf(invocation.options),
    submit: true,
  });
  await connection.remember(draft.cursor);
  invocation.result(draft, () => {
    const held = draft.inForce.map((row) => `${inForceLine(row)}\n`);
    const free = items
      .filter(
        (item) => !draft.inForce.some((row) => row.name === item.snap && isSame(row.channel, item.channel)),
      )
      .map((item) => `${item.snap} ${shortChannel(item.channel)} is tracking upstream\n`);
    return `${draft.id} ${draft.status}\n${[...held, ...free].join('')}`;
  });
  if (invocation.options.format === 'table') {
    invocation.say(`In force until ${draft.id} is approved and applied: the lines below its number.`);
  }
}

function isSame(a: string, b: string): boolean {
  return shortChannel(a) === shortChannel(b);
}
