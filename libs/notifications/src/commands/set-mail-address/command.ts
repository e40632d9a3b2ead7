import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { knownPerson } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { MAIL_ADDRESSES_STREAM, mailAddresses } from '../../domain/mail-addresses/mail-addresses.js';
import { NotificationError } from '../../errors.js';

/** Say where a person gets mail; null: nowhere any more. */
export class SetMailAddress extends Command<Cursor | null> {
  constructor(
    readonly login: string,
    readonly address: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetMailAddress)
export class SetMailAddressHandler implements ICommandHandler<SetMailAddress> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ login, address, context }: SetMailAddress): Promise<Cursor | null> {
    const known = await knownPerson(this.writer, login);
    if (known === null) throw new NotificationError('unknown-person', `nobody has the login ${login}`);
    const command = { type: 'SetMailAddress', login, person: known.id, address, context } as const;
    return (await this.writer.decideAndAppend(mailAddresses, MAIL_ADDRESSES_STREAM, command)).cursor;
  }
}
