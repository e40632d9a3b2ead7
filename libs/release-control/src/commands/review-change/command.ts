import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { ElectronicSignature } from '../../domain/signature.js';
import type { Outcome } from '../outcome.js';
import { signChange } from '../sign-change.js';

/** Sign that you have reviewed the change, which approves nothing. The signature was made just now, with the password given again. */
export class ReviewChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReviewChange)
export class ReviewChangeHandler implements ICommandHandler<ReviewChange> {
  constructor(
    @Inject(STREAM_WRITER) readonly writer: StreamWriter,
    readonly rolesHeld: RolesHeld,
  ) {}

  execute(command: ReviewChange): Promise<Outcome> {
    return signChange(this, 'ReviewChange', command);
  }
}
