import type { Command } from 'commander';
import type { AskedItem } from '../../api/asked-item.js';
import type { Item } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { parseAssignment } from '../../input/assignment.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { requestOf, withTimes, type RequestOptions } from '../../input/request-options.js';
import { Invocation } from '../../invocation.js';
import { submitOrDraft } from '../drafted-to-sign.js';
import { recordId } from '../../input/record-id.js';

export function addRevise(change: Command, cli: Cli): void {
  const revise = change
    .command('revise')
    .description(
      'say your request anew: with other overrides, or with the same items against the ring as it is now. What it was is kept; its signatures are void',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .argument('[snap]', "the snap's name; without: the same items again")
    .argument('[channel=revision...]', 'such as stable=12 or latest/edge=14');
  withReason(withTimes(revise)).action(
    async (
      id: string,
      snap: string | undefined,
      assignments: string[],
      _options: unknown,
      command: Command,
    ) => {
      const invocation = new Invocation<ReasonOptions & RequestOptions>(cli, command);
      const { options } = invocation;
      const connection = await invocation.connect();
      const before = await connection.control.change(id);
      const items =
        snap === undefined ? before.items.map(again) : assignments.map((text) => parseAssignment(snap, text));
      // It follows the same ticket, unless another one is given.
      const ticket = before.ticket ? { ticket: before.ticket } : {};
      const asked = {
        items,
        reason: reasonOf(options),
        ...ticket,
        ...requestOf(options),
      };
      const outcome = await submitOrDraft(invocation, (submit) =>
        connection.control.life.revise(id, submit ? asked : { ...asked, submit }),
      );
      await connection.remember(outcome.cursor);
      invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
    },
  );
}

/** An item of the record as it is asked for. */
function again(item: AskedItem): Item {
  if (!('name' in item)) return item as Item;
  if (item.kind !== undefined) {
    const { name: snap, ...rest } = item;
    return { ...rest, snap };
  }
  const { name, channel, architecture, version, expiry } = item;
  return {
    snap: name,
    channel,
    ...(architecture === undefined ? {} : { architecture }),
    revision: version === null ? null : Number(version),
    ...(expiry === undefined ? {} : { expiry }),
  };
}
