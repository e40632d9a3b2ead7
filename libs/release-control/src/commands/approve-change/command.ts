import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { ElectronicSignature } from '../../domain/signature.js';
import type { Outcome } from '../outcome.js';
import { signChange } from '../sign-change.js';

/** Sign that the change may take effect. The signature was made just now, with the password given again. */
export class ApproveChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ApproveChange)
export class ApproveChangeHandler implements ICommandHandler<ApproveChange> {
  constructor(
    @Inject(STREAM_WRITER) readonly writer: StreamWriter,
    readonly rolesHeld: RolesHeld,
  ) {}

  execute(command: ApproveChange): Promise<Outcome> {
    return signChange(this, 'ApproveChange', command);
  }
}
