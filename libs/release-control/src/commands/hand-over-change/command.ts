import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { Directory } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { Outcome } from '../outcome.js';

/** Give what a person who left was working on to another author. */
export class HandOverChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    /** Login of who works on it from now on. */
    readonly to: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(HandOverChange)
export class HandOverChangeHandler implements ICommandHandler<HandOverChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly directory: Directory,
  ) {}

  async execute({ id, to: login, context }: HandOverChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const to = await this.directory.byLogin(login);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const authorIsDisabled = before.status !== 'none' && (await this.directory.isDisabled(before.author.id));
    const command = { type: 'HandOverChange', to, authorIsDisabled, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, command);
    return { id, status: state.status, cursor };
  }
}
