import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { EventStore } from '#event-store/port';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { EVENT_STORE, STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import type { Ticket } from '../../domain/change-request/ticket.js';
import type { ChangeWindow } from '../../domain/change-request/window.js';
import { ringsOf, type Stage } from '../../domain/change-request/plan.js';
import { signing } from '../../domain/change-request/review.js';
import { requireUser } from '../../domain/change-request/use-template.js';
import type { TemplateRef } from '../../domain/template/template.js';
import { requirePerson } from '../../domain/change-request/allowed.js';
import { requireReleasable } from '../../domain/change-request/emergency.js';
import { waitAhead, type Wait } from '../../domain/change-request/waiting.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { changeRequestId, firstFreeNumber } from './next-number.js';
import { requireSupersedable } from './require-supersedable.js';
import { requirePolicy } from '../require-policy.js';
import { RulesInReach } from '../rules-in-reach.js';
import { requirePromotable, requireRingsInOrder } from '../require-promotable.js';
import { requireKnownSystems, requireTicketNamed } from '../require-ticket.js';
import { TICKET_SYSTEMS, type TicketSystems } from '../../tickets/ticket-systems.js';
import { policiesOf } from '../approval-policy-in-force.js';
import type { Outcome } from '../outcome.js';
import { soakFacts } from '../../soak-facts.js';
import { trailFacts } from '../../trail-facts.js';

export interface AskedChange {
  readonly ring: string;
  readonly items: readonly ChangeItem[];
  /** When it may take effect. */
  readonly window: ChangeWindow;
  /** Id of the request that it takes the place of. */
  readonly supersedes?: string | undefined;
  /** The record outside that it follows. */
  readonly ticket?: Ticket | undefined;
  /** Of a release plan: the rings that get it after `ring`, in order. */
  readonly stages?: readonly Stage[] | undefined;
  /** The standard change that it is asked for as. */
  readonly template?: TemplateRef | undefined;
  /** Submit it in the same append. */
  readonly submit: boolean;
  /** The digest of the ring's policy that it was thought of for; see {@link requirePolicy}. */
  readonly ifPolicy?: string | undefined;
  /** To be released in an emergency: nothing is drafted that who asks could not. */
  readonly emergency: boolean;
}

export interface Drafted extends Outcome {
  /** What it would wait for if it was approved now; null: nothing. */
  readonly waits: Wait | null;
}

export class DraftChange extends Command<Drafted> {
  constructor(
    readonly asked: AskedChange,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DraftChange)
export class DraftChangeHandler implements ICommandHandler<DraftChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly rules: RulesInReach,
    @Inject(TICKET_SYSTEMS) private readonly systems: TicketSystems,
  ) {}

  /** Takes the first free number of the year by an append that expects no stream; who loses the race takes the next one. */
  async execute({ asked, context }: DraftChange): Promise<Drafted> {
    const { ring, items, window, supersedes, ticket, stages, template, submit, ifPolicy, emergency } = asked;
    await requireKnownRing(this.writer, ring);
    await requirePolicy(this.writer, ring, ifPolicy);
    await requirePromotable(this.writer, ring, items, context.at);
    await this.rules.require(ring, items);
    await requireKnownSystems(this.systems, items);
    const planned = { ring, ...(stages === undefined ? {} : { stages }) };
    // Who releases in an emergency waits for no other system.
    if (submit && !emergency)
      for (const each of ringsOf(planned)) await requireTicketNamed(this.writer, each, ticket);
    if (stages !== undefined) await requireRingsInOrder(this.writer, ringsOf(planned));
    const { approval, templates } = (await this.writer.load(releasePolicy, releasePolicyStream(ring))).state;
    if (template !== undefined) {
      const { id: person, name, roles } = requirePerson(context);
      const granted = templates.get(template.name)?.granted ?? null;
      requireUser(template, granted, { person, name, roles: signing(roles, ring) }, context);
    }
    if (emergency)
      requireReleasable(ring, approval, { actor: requirePerson(context), items, at: context.at });
    // Who is on call signs the release, and others what is ratified.
    const policies = emergency ? [] : await policiesOf(this.writer, planned);
    const soak = await soakFacts(this.writer, approval, [], undefined);
    const trail = await trailFacts(this.writer, approval, undefined);
    if (supersedes !== undefined) await requireSupersedable(this.writer, ring, supersedes);
    const year = context.at.slice(0, 4);
    for (let number = await firstFreeNumber(this.store, year); ; number++) {
      const id = changeRequestId(year, number);
      try {
        const draft = { type: 'DraftChange', id, items, window, submit, policies, context } as const;
        const command = {
          ...draft,
          ...planned,
          ...(supersedes === undefined ? {} : { supersedes }),
          ...(ticket === undefined ? {} : { ticket }),
          ...(template === undefined ? {} : { template }),
        };
        const { state, cursor } = await this.writer.decideAndAppend(
          changeRequest,
          changeRequestStream(id),
          command,
        );
        return {
          id,
          status: state.status,
          cursor,
          waits: waitAhead({ items, window }, { policy: approval, soak, trail }, context.at),
        };
      } catch (error) {
        if (!(error instanceof ReleaseControlError && error.code === 'change-request-exists')) throw error;
      }
    }
  }
}
