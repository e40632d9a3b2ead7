import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { requireOperator, sinks, SINKS_STREAM, type Sink } from '../../domain/sinks/sinks.js';
import { targetOf, type GivenTarget } from '../../domain/sinks/target.js';
import type { Filter } from '../../domain/sinks/topics.js';
import { SinkSecrets } from '../../secrets/sink-secrets.js';
import { secretFor } from '../../secrets/secret-for.js';
import { requirePosition } from '../require-position.js';

export interface AddedSink {
  readonly sink: Sink;
  /** What its messages are signed with, shown this once. */
  readonly secret: string | null;
  readonly cursor: Cursor | null;
}

/** Say where events go from now on, or from a position on. */
export class AddSink extends Command<AddedSink> {
  constructor(
    readonly name: string,
    readonly given: {
      readonly target: GivenTarget;
      readonly filter: Filter;
      /** `user:password` for a mail server that asks for it. */
      readonly credentials: string | null;
      readonly giveUpAfterHours: number;
      readonly from: string | null;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AddSink)
export class AddSinkHandler implements ICommandHandler<AddSink> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly secrets: SinkSecrets,
    private readonly progress: ProjectionProgress,
  ) {}

  async execute({ name, given, context }: AddSink): Promise<AddedSink> {
    // Nobody else gets to write a row; whether this one may is asked again when it is decided.
    requireOperator(context);
    const { filter, giveUpAfterHours, from } = given;
    if (from !== null) await requirePosition(this.progress, from);
    const target = targetOf(given.target);
    const shape = { type: 'AddSink', name, target, filter, giveUpAfterHours, from, context } as const;
    // Refused, it leaves no row.
    sinks.decide({ ...shape, secret: null }, (await this.writer.load(sinks, SINKS_STREAM)).state);
    const value = secretFor(target, given.credentials);
    // Before the event that names it: a crash in between leaves a row that nothing names.
    const secret = value === null ? null : await this.secrets.put(name, value);
    const command = { ...shape, secret };
    const { state, cursor } = await this.writer.decideAndAppend(sinks, SINKS_STREAM, command);
    const sink = state.byName.get(name);
    if (!sink) throw new Error(`the sink ${name} was added, and is not there`);
    return { sink, secret: target.kind === 'webhook' ? value : null, cursor };
  }
}
