import type { OverrideItem } from '../api/types.js';
import type { Invocation } from '../invocation.js';
import { storeLine } from '../output/overrides.js';
import type { Connection } from '../session/connection.js';

/** Submits one change request with a token: by the overrides API, with the token's standing reason. Prints what is in force, as the Enterprise Store does. */
export async function submitForToken(
  invocation: Invocation<{ readonly ring: string }>,
  { control }: Connection,
  items: readonly OverrideItem[],
): Promise<void> {
  const { overrides, location } = await control.submitStoreOverrides(invocation.options.ring, items);
  const id = location?.split('/').at(-1) ?? 'the change request';
  invocation.result({ changeRequest: id, overrides }, () =>
    overrides.map((row) => `${storeLine(row)}\n`).join(''),
  );
  if (invocation.options.format === 'table') {
    invocation.say(`${id} asks for it. In force until it is approved and applied: what is printed here.`);
  }
}
