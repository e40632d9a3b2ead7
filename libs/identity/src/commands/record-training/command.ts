import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import {
  training,
  trainingStream,
  type TrainedRole,
  type TrainingRecord,
} from '../../domain/training/training.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

/** Somebody is trained for a role. */
export class RecordTraining extends Command<Outcome> {
  constructor(
    readonly login: string,
    readonly role: TrainedRole,
    readonly record: TrainingRecord,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordTraining)
export class RecordTrainingHandler implements ICommandHandler<RecordTraining> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, role, record, context }: RecordTraining): Promise<Outcome> {
    const { id: person } = await this.people.byLogin(login);
    const command = { type: 'RecordTraining', person, role, ...record, context } as const;
    const { cursor } = await this.streams.decideAndAppend(training, trainingStream(person), command);
    return { cursor };
  }
}
