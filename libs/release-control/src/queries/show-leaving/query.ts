import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import { knownRings } from '#fleet/published';
import { Directory, type Listed, type OwnedToken } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { CLOCK, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { emergencyOutOfReach } from '../../domain/approval-policy/emergency-out-of-reach.js';
import { outOfReach, type OutOfReach } from '../../domain/approval-policy/out-of-reach.js';
import {
  OPEN_STATUSES,
  WITH_ITS_AUTHOR,
  type ChangeRequestStatus,
} from '../../domain/change-request/state.js';
import { heldIn, holdKey, holds, holdsStream, type Held } from '../../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

export interface LeftRequest {
  readonly id: string;
  readonly ring: string;
  readonly status: ChangeRequestStatus;
}

export interface OwnedHold {
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
}

/** What there is of a person who leaves. */
export interface Leaving {
  readonly name: string;
  readonly status: 'enrolled' | 'active' | 'disabled';
  /** Those held last, for who is disabled. */
  readonly roles: readonly string[];
  /** Not submitted, or refused at their capture: somebody else may go on with them. */
  readonly drafts: readonly LeftRequest[];
  /** Submitted, and not decided on: others decide. */
  readonly open: readonly LeftRequest[];
  /** Not revoked, and not expired. */
  readonly tokens: readonly OwnedToken[];
  /** Holds that they answer for. */
  readonly holds: readonly OwnedHold[];
  /** Rings that name them as on call for emergencies. */
  readonly onCall: readonly string[];
  /** Approval rules that nobody can meet without them. */
  readonly policies: readonly (OutOfReach & { readonly ring: string })[];
  /** Emergencies that their rings pre-authorise, and that nobody can release or ratify without them: what is missing, in words. */
  readonly emergencies: readonly { readonly ring: string; readonly missing: readonly string[] }[];
}

/** @throws IdentityError `unknown-person` */
export class ShowLeaving extends Query<Leaving> {
  constructor(readonly login: string) {
    super();
  }
}

/** More are shown when these are done. */
const MOST = 1_000;

@QueryHandler(ShowLeaving)
export class ShowLeavingHandler implements IQueryHandler<ShowLeaving> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly directory: Directory,
  ) {}

  async execute({ login }: ShowLeaving): Promise<Leaving> {
    const { id, name, status } = await this.directory.byLogin(login);
    const people = await this.directory.everybody();
    const requests = await this.readModels.query<LeftRequest>(
      `select id, ring, status from read.change_request_v9
       where status = any($1) and state -> 'author' ->> 'id' = $2 order by first_position limit $3`,
      [OPEN_STATUSES, id, MOST],
    );
    return {
      name,
      status,
      roles: people.find((person) => person.id === id)?.roles ?? [],
      drafts: requests.filter((request) => WITH_ITS_AUTHOR.includes(request.status)),
      open: requests.filter((request) => !WITH_ITS_AUTHOR.includes(request.status)),
      tokens: await this.directory.tokensOf(id, this.clock.now()),
      ...(await this.inPolicies(id, login, people)),
    };
  }

  private async inPolicies(
    leaver: string,
    login: string,
    people: readonly Listed[],
  ): Promise<Pick<Leaving, 'holds' | 'onCall' | 'policies' | 'emergencies'>> {
    const stay = people.filter(({ id, status }) => id !== leaver && status === 'active');
    const rings = await knownRings(this.streams);
    const linked = await this.streams.linkedAccounts();
    const all = rings.map(async (ring) => {
      const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
      const { state: known } = await this.streams.load(holds, holdsStream(ring));
      const { approval } = policy;
      const theirs = heldIn(policy).filter((held) => known.get(holdKey(held))?.terms?.owner === login);
      const lacks = emergencyOutOfReach(approval, ring, stay, linked);
      return {
        holds: channelsOf(theirs).map((channel) => ({ ring, ...channel })),
        onCall: approval.emergency?.onCall.some(({ person }) => person === leaver) ? [ring] : [],
        policies: outOfReach(approval, ring, stay, linked).map((rule) => ({ ring, ...rule })),
        emergencies: lacks.length === 0 ? [] : [{ ring, missing: lacks }],
      };
    });
    const found = await Promise.all(all);
    return {
      holds: found.flatMap((inRing) => inRing.holds),
      onCall: found.flatMap(({ onCall }) => onCall),
      policies: found.flatMap(({ policies }) => policies),
      emergencies: found.flatMap(({ emergencies }) => emergencies),
    };
  }
}

/** One line for a channel, whatever the architectures; by name. */
function channelsOf(held: readonly Held[]): readonly Omit<OwnedHold, 'ring'>[] {
  const channels = held.map(
    ({ name, target: { channel } }) => [`${name} ${channel}`, { name, channel }] as const,
  );
  return [...new Map(channels)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, channel]) => channel);
}
