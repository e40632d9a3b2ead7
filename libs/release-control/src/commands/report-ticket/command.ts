import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isText, uuidv7, type Clock, type CommandContext, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { currentRequestId } from '#platform/http/request-id';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import {
  isFresh,
  isSigned,
  MESSAGE_TOLERANCE_S,
  type WebhookHeaders,
} from '#platform/webhooks/standard-webhooks';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { ReleaseControlError, type ReleaseControlErrorCode } from '../../domain/errors.js';
import {
  ticketMessages,
  TICKET_MESSAGES_STREAM,
  type Refusal,
} from '../../domain/ticket-messages/ticket-messages.js';
import { TICKET_SYSTEMS, type TicketSystems } from '../../tickets/ticket-systems.js';
import type { Outcome } from '../outcome.js';
import { readTicketMessage } from './message.js';

/** What came in the name of a ticket system: nothing of it is believed before the signature is right. */
export class ReportTicket extends Command<Outcome> {
  constructor(
    readonly system: string,
    readonly headers: WebhookHeaders,
    readonly body: Uint8Array,
  ) {
    super();
  }
}

/** What is noted of a message that was signed and is not taken. */
const NOTED: Readonly<Partial<Record<ReleaseControlErrorCode, Refusal>>> = {
  'no-such-ticket': 'unknown-ticket',
  'ticket-revision-differs': 'other-revision',
  'ticket-message-replayed': 'replayed',
  'ticket-state-overtaken': 'overtaken',
};

const MESSAGE_ID = /^[!-~]{1,100}$/;

@CommandHandler(ReportTicket)
export class ReportTicketHandler implements ICommandHandler<ReportTicket> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(TICKET_SYSTEMS) private readonly systems: TicketSystems,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Who sends something else than a message of the system is told one thing, whatever is wrong; who has the secret is told what. */
  async execute({ system, headers, body }: ReportTicket): Promise<Outcome> {
    const secrets = await this.systems.secretsOf(system);
    const known = secrets.length > 0;
    if (!known || !MESSAGE_ID.test(headers.id) || !isSigned(secrets, headers, body)) {
      await this.note(known ? system : null, known ? 'wrong-signature' : 'unknown-system');
      throw new ReleaseControlError(
        'ticket-signature-refused',
        'the message is not signed with a secret of a ticket system of this site: webhook-id, webhook-timestamp and webhook-signature as Standard Webhooks has them',
      );
    }
    if (!isFresh(headers, this.clock.now())) {
      await this.note(system, 'stale');
      throw new ReleaseControlError(
        'ticket-message-stale',
        `webhook-timestamp is more than ${MESSAGE_TOLERANCE_S} seconds from ${this.clock.now()}: sign each try anew, and look at the clocks`,
      );
    }
    const message = readTicketMessage(body, this.clock.now(), MESSAGE_TOLERANCE_S);
    if (!isText(message.by)) throw new ReleaseControlError('ticket-message-malformed', '"by" is no text');
    try {
      return await this.record(system, headers.id, message);
    } catch (error) {
      const why = error instanceof ReleaseControlError ? NOTED[error.code] : undefined;
      if (why !== undefined) await this.note(system, why);
      throw error;
    }
  }

  private async record(
    system: string,
    message: string,
    said: ReturnType<typeof readTicketMessage>,
  ): Promise<Outcome> {
    const { changeRequest: id, revision, ticket, state: ticketState, by, at } = said;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, changeRequestStream(id), {
      type: 'ReportTicketState',
      id,
      message,
      ticket: { system, id: ticket },
      revision,
      state: ticketState,
      by,
      at,
      context: this.context(system, {
        code: 'ticket',
        text: `${system} says that its ticket is ${ticketState}`,
        ticket,
      }),
    });
    return { id, status: state.status, cursor };
  }

  private async note(system: string | null, why: Refusal): Promise<void> {
    await this.writer.decideAndAppend(ticketMessages, TICKET_MESSAGES_STREAM, {
      system,
      why,
      context: this.context(system, {
        code: 'misuse',
        text: `a message in the name of ${system ?? 'a ticket system'} was refused: ${why}`,
      }),
    });
  }

  private context(system: string | null, reason: Reason): CommandContext {
    return {
      at: this.clock.now(),
      actor: { kind: 'service', id: 'control', for: `ticket-system/${system ?? 'unknown'}` },
      reason,
      cause: uuidv7(),
      correlation: currentRequestId(),
      authorisedBy: [],
    };
  }
}
