import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalBytes, recordDigest, type CommandContext, type JsonValue } from '#kernel';
import type { EventStore } from '#event-store/port';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { InTurn } from '#platform/in-turn';
import { EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeRequestCommand, DraftChange } from '../../domain/change-request/commands.js';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import { isApplied, isUnderWay, type ChangeRequest } from '../../domain/change-request/state.js';
import { ReleaseControlError, type ReleaseControlErrorCode } from '../../domain/errors.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { standsIn } from '../../domain/release-policy/stands-in.js';
import {
  tokenSubmissions,
  tokenSubmissionsStream,
} from '../../domain/token-submissions/token-submissions.js';
import { changeRequestId, firstFreeNumber } from '../draft-change/next-number.js';
import { policiesOf } from '../approval-policy-in-force.js';
import { requirePolicy } from '../require-policy.js';
import { requirePromotable } from '../require-promotable.js';
import { RulesInReach } from '../rules-in-reach.js';
import { TICKET_SYSTEMS, type TicketSystems } from '../../tickets/ticket-systems.js';
import { requireKnownSystems, requireTicketNamed } from '../require-ticket.js';
import type { Outcome } from '../outcome.js';

/** Asks for a change with a token. Who asks for the same again is answered with the request that there is. */
export class SubmitForToken extends Command<Outcome> {
  constructor(
    /** The token's id. */
    readonly token: string,
    readonly ring: string,
    readonly items: readonly ChangeItem[],
    readonly context: CommandContext,
    /** The digest of the ring's policy that it was thought of for; see {@link requirePolicy}. */
    readonly ifPolicy?: string,
  ) {
    super();
  }
}

type Existing = Exclude<ChangeRequest, { status: 'none' }>;

@CommandHandler(SubmitForToken)
export class SubmitForTokenHandler implements ICommandHandler<SubmitForToken> {
  private readonly turns = new InTurn();

  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly rules: RulesInReach,
    @Inject(TICKET_SYSTEMS) private readonly systems: TicketSystems,
  ) {}

  /** A token's requests one after the other: a hundred at once would all want the same number. */
  async execute(command: SubmitForToken): Promise<Outcome> {
    return this.turns.run(command.token, () => this.submit(command));
  }

  /**
   * The number is claimed in the token's own stream first, and the request drafted under it then: after a crash between the two, and between two
   * who retry at once, the claim says which request it is. Each turn of the loop follows on somebody else's append.
   */
  private async submit(command: SubmitForToken): Promise<Outcome> {
    const { token, context } = command;
    const digest = digestOf(command.ring, command.items);
    await requireKnownRing(this.writer, command.ring);
    await requirePolicy(this.writer, command.ring, command.ifPolicy);
    await requirePromotable(this.writer, command.ring, command.items, context.at);
    await this.rules.require(command.ring, command.items);
    await requireKnownSystems(this.systems, command.items);
    await requireTicketNamed(this.writer, command.ring, undefined);
    // Who would be refused claims nothing.
    const policies = await policiesOf(this.writer, { ring: command.ring });
    changeRequest.decide({ ...drafting('', command), policies }, changeRequest.initialState);
    for (;;) {
      const { state: claims } = await this.writer.load(tokenSubmissions, tokenSubmissionsStream(token));
      const claimed = claims.get(digest) ?? null;
      if (claimed !== null) {
        const { state } = await this.writer.load(changeRequest, changeRequestStream(claimed));
        if (state.status === 'none') {
          const drafted = await unless('change-request-exists', () => this.draft(claimed, command));
          if (drafted) return drafted;
          continue;
        }
        if (isOf(token, digest, state)) {
          if (state.status === 'capture-refused') {
            const again = await unless('not-allowed-in-status', () => this.submitAgain(claimed, context));
            if (again) return again;
            continue;
          }
          if (isUnderWay(state.status) || (await this.stands(state)))
            return { id: claimed, status: state.status, cursor: null };
        }
      }
      const year = context.at.slice(0, 4);
      const next = changeRequestId(year, await firstFreeNumber(this.store, year));
      const claim = { digest, instead: claimed, changeRequest: next, context };
      await this.writer.decideAndAppend(tokenSubmissions, tokenSubmissionsStream(token), claim);
    }
  }

  private async draft(id: string, command: SubmitForToken): Promise<Outcome> {
    const policies = await policiesOf(this.writer, { ring: command.ring });
    return this.decide(id, { ...drafting(id, command), policies });
  }

  private async submitAgain(id: string, context: CommandContext): Promise<Outcome> {
    const { state } = await this.writer.load(changeRequest, changeRequestStream(id));
    return this.decide(id, { type: 'SubmitChange', policies: await policiesOf(this.writer, state), context });
  }

  private async decide(id: string, command: ChangeRequestCommand): Promise<Outcome> {
    const { state, cursor } = await this.writer.decideAndAppend(
      changeRequest,
      changeRequestStream(id),
      command,
    );
    return { id, status: state.status, cursor };
  }

  /** Whether it was applied, and the ring still has all of it: there is nothing to ask for. */
  private async stands(state: Existing): Promise<boolean> {
    if (!isApplied(state)) return false;
    const { state: policy } = await this.writer.load(releasePolicy, releasePolicyStream(state.ring));
    return state.changes.every((change) => standsIn(policy, change));
  }
}

function drafting(id: string, { ring, items, context }: SubmitForToken): DraftChange {
  return { type: 'DraftChange', id, ring, items, submit: true, context };
}

/** Another may have taken the number before it was drafted. */
function isOf(token: string, digest: string, { ring, items, reason }: Existing): boolean {
  return reason.standing?.token === token && digestOf(ring, items) === digest;
}

/** In whatever order the items stand. */
function digestOf(ring: string, items: readonly ChangeItem[]): string {
  const words = items.map((item) =>
    Buffer.from(canonicalBytes(item as unknown as JsonValue)).toString('utf8'),
  );
  return recordDigest({ ring, items: words.sort() });
}

/** Undefined when it is refused for this. */
async function unless<Result>(
  code: ReleaseControlErrorCode,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ReleaseControlError && error.code === code) return undefined;
    throw error;
  }
}
