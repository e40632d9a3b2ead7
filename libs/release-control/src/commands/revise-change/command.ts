import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { ringsOf } from '../../domain/change-request/plan.js';
import type { Ticket } from '../../domain/change-request/ticket.js';
import type { ChangeWindow } from '../../domain/change-request/window.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { RulesInReach } from '../rules-in-reach.js';
import { TICKET_SYSTEMS, type TicketSystems } from '../../tickets/ticket-systems.js';
import { policiesOf } from '../approval-policy-in-force.js';
import type { Outcome } from '../outcome.js';
import { requirePromotable } from '../require-promotable.js';
import { requireKnownSystems, requireTicketNamed } from '../require-ticket.js';

/** Say a request anew, as its author: all of its items, its times and its reason. */
export class ReviseChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly items: readonly ChangeItem[],
    readonly window: ChangeWindow,
    /** Submit it in the same append. */
    readonly submit: boolean,
    readonly context: CommandContext,
    /** The record outside that it follows. */
    readonly ticket?: Ticket,
  ) {
    super();
  }
}

@CommandHandler(ReviseChange)
export class ReviseChangeHandler implements ICommandHandler<ReviseChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rules: RulesInReach,
    @Inject(TICKET_SYSTEMS) private readonly systems: TicketSystems,
  ) {}

  async execute({ id, items, window, submit, context, ticket }: ReviseChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    await requireKnownSystems(this.systems, items);
    if (before.status !== 'none') {
      await requirePromotable(this.writer, before.ring, items, context.at);
      await this.rules.require(before.ring, items);
      if (submit) for (const ring of ringsOf(before)) await requireTicketNamed(this.writer, ring, ticket);
    }
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, {
      type: 'ReviseChange',
      applied: before.status !== 'none' && (await this.hasIt(id, ringsOf(before))),
      items,
      window,
      submit,
      policies: await policiesOf(this.writer, before),
      context,
      ...(ticket === undefined ? {} : { ticket }),
    });
    return { id, status: state.status, cursor };
  }

  /** Whether one of the rings has the request. */
  private async hasIt(id: string, rings: readonly string[]): Promise<boolean> {
    for (const ring of rings) {
      const { state } = await this.writer.load(releasePolicy, releasePolicyStream(ring));
      if (state.applied.has(id)) return true;
    }
    return false;
  }
}
