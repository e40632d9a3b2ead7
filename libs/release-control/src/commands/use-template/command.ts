import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { emptyPolicy } from '../../domain/release-policy/state.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import type { Outcome } from '../outcome.js';
import { requireTicketNamed } from '../require-ticket.js';

/** Its author signs that a standard change takes effect by the template that it names, and hands it in. */
export class UseTemplate extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UseTemplate)
export class UseTemplateHandler implements ICommandHandler<UseTemplate> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  /** Which template is in force is of this moment: of the ring's stream, whatever it said when the request was drafted. */
  async execute({ id, signature, context }: UseTemplate): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const isDraft = before.status === 'drafted' || before.status === 'capture-refused';
    if (isDraft) await requireTicketNamed(this.writer, before.ring, before.ticket);
    const { approval: policy, templates } =
      before.status === 'none'
        ? emptyPolicy
        : (await this.writer.load(releasePolicy, releasePolicyStream(before.ring))).state;
    const name = before.status === 'none' ? undefined : before.template?.name;
    const granted = (name === undefined ? undefined : templates.get(name)?.granted) ?? null;
    const command = { type: 'UseTemplate', signature, policy, granted, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, command);
    return { id, status: state.status, cursor };
  }
}
