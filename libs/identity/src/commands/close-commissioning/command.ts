import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, SigningRules } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { EventStore } from '#event-store/port';
import { EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../../credentials/credential-rules.js';
import { signingRulesOf } from '../../credentials/signing-rules.js';
import { commissioning, SITE_STREAM } from '../../domain/commissioning/commissioning.js';
import { personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import type { Outcome } from '../outcome.js';

/** With what is asked of those who sign from now on. */
export type Closed = Outcome & { readonly rules: SigningRules };

export class CloseCommissioning extends Command<Closed> {
  constructor(readonly context: CommandContext) {
    super();
  }
}

@CommandHandler(CloseCommissioning)
export class CloseCommissioningHandler implements ICommandHandler<CloseCommissioning> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly people: People,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
  ) {}

  async execute({ context }: CloseCommissioning): Promise<Closed> {
    const rules = signingRulesOf(await this.rules());
    const command = { type: 'CloseCommissioning', admins: await this.admins(), rules, context } as const;
    const { cursor } = await this.streams.decideAndAppend(commissioning, SITE_STREAM, command);
    return { cursor, rules };
  }

  /** From the history, which is short while a site is set up; rights are never taken from a read model. */
  private async admins(): Promise<number> {
    const ids = new Set<string>();
    for await (const { stream } of this.store.readAll(null)) {
      if (stream.startsWith(personStream(''))) ids.add(stream.slice(personStream('').length));
    }
    const admins = await Promise.all(
      [...ids].map(async (id) => ((await this.people.isAdmin(id)) ? [id] : [])),
    );
    return this.people.personsOf(admins.flat());
  }
}
