import { InvalidArgumentError, Option, type Command } from 'commander';
import { TOPICS, type Topic } from '../../api/types.js';
import { parseCount } from '../../input/count.js';

export interface FilterOptions {
  readonly about?: readonly Topic[];
  readonly type?: readonly string[];
  readonly giveUpAfter?: number;
}

/** What may be said of a sink when it is added, and later. */
export function withFilter(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--about <topic...>',
        'what people ask to be told of; without --about and --type: everything',
      ).choices(TOPICS),
    )
    .option('--type <event...>', 'types of events, beside those: OverrideSet, for example')
    .option('--give-up-after <hours>', 'when an event that it does not take is given up', parseCount);
}

/** As the API has it; what was not said is left out. */
export function filterIn({ about, type, giveUpAfter }: FilterOptions) {
  return {
    ...(about && { about: [...about] }),
    ...(type && { types: [...type] }),
    ...(giveUpAfter !== undefined && { giveUpAfterHours: giveUpAfter }),
  };
}

/** @throws InvalidArgumentError */
export function parsePosition(text: string): string {
  if (!/^(0|[1-9][0-9]{0,17})$/.test(text))
    throw new InvalidArgumentError('It has to be a position, a whole number from 0.');
  return text;
}
