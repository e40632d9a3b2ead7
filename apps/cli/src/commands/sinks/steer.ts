import { Argument, type Command } from 'commander';
import type { Reason } from '#kernel';
import type { Control } from '../../api/control.js';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { parsePosition } from './options.js';

interface Steering {
  readonly verb: string;
  readonly does: string;
  readonly done: string;
  readonly call: (
    control: Control,
    name: string,
    reason: Reason,
  ) => Promise<{ readonly cursor: string | null }>;
}

const STEERING: readonly Steering[] = [
  {
    verb: 'pause',
    does: 'send nothing until it is resumed; nothing is lost',
    done: 'is paused',
    call: (control, name, reason) => control.sinks.pause(name, reason),
  },
  {
    verb: 'resume',
    does: 'go on where it was paused',
    done: 'goes on',
    call: (control, name, reason) => control.sinks.resume(name, reason),
  },
  {
    verb: 'remove',
    does: 'send nothing any more, and forget how far it was',
    done: 'is removed',
    call: (control, name, reason) => control.sinks.remove(name, reason),
  },
];

const NAME = (): Argument => new Argument('<name>', 'its name');

/** `holdfast sink pause|resume|remove NAME` */
export function addSteering(sink: Command, cli: Cli): void {
  for (const { verb, does, done, call } of STEERING) {
    const command = sink.command(verb).description(does).addArgument(NAME());
    withReason(command).action(async (name: string, _options: unknown, given: Command) => {
      const invocation = new Invocation<ReasonOptions>(cli, given);
      const connection = await invocation.connect();
      const steered = await call(connection.control, name, reasonOf(invocation.options));
      await connection.remember(steered.cursor);
      invocation.result(steered, () => `${name} ${done}\n`);
    });
  }
}

/** `holdfast sink replay NAME --from POSITION` */
export function addReplay(sink: Command, cli: Cli): void {
  const replay = sink
    .command('replay')
    .description(
      'send everything once more, from a position of the history on: receivers know repeats by their ids',
    )
    .addArgument(NAME())
    .requiredOption('--from <position>', 'of the first event', parsePosition);
  withReason(replay).action(async (name: string, _options: unknown, given: Command) => {
    const invocation = new Invocation<ReasonOptions & { readonly from: string }>(cli, given);
    const { from } = invocation.options;
    const connection = await invocation.connect();
    const asked = await connection.control.sinks.replay(name, { from, reason: reasonOf(invocation.options) });
    await connection.remember(asked.cursor);
    invocation.result(asked, () => `${name} is told everything once more, from position ${from} on\n`);
  });
}
