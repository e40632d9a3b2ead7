import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  CountEvents,
  EventsOfTypes,
  LastOfStreams,
  ReadRange,
  ReadTrailSize,
  type Period,
} from '#audit-trail/published';
import { ListRights, ListTokensThen, type RightsThen, type TokenThen } from '#identity/published';
import { ProjectionProgress } from '#platform/at-least/projection-progress';
import { HttpError } from '#platform/http/errors';
import { bytesOf, heldRoleParts } from '#kernel';
import type { AccessLine, ActorLine, ChangeLine, Content, ContentOf } from '../domain/content.js';
import { ReviewsError } from '../domain/errors.js';
import { isOwnPresence } from '../domain/independence.js';
import { DEVIATION_TYPES, LISTED_TYPES, openDeviations, periodicLines } from '../domain/periodic-lines.js';
import { allPages } from './all-pages.js';

/** The read models that rights and tokens are in. */
const RIGHTS: readonly string[] = ['people', 'tokens'];
/** The trail may grow while it is read: so often it is read anew. */
const ATTEMPTS = 10;
/** Bytes: an append has at most 8 MiB, and each of its events repeats what is not the list. */
const MOST_BYTES = 6_000_000;
/** Of a period: that many are more than {@link MOST_BYTES}. */
const MOST_LINES = 30_000;
const CHANGES = 'change-request/';
/** No event is later. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

/** Makes what a review is about, from the read models as they are: each says the number of events that it follows from. */
@Injectable()
export class Gathering {
  constructor(
    private readonly queries: QueryBus,
    private readonly progress: ProjectionProgress,
  ) {}

  /** How many events the trail has. */
  size(): Promise<string> {
    return this.queries.execute(new ReadTrailSize());
  }

  /**
   * Who had which right at a time, and which tokens there were.
   * @param asOf RFC 3339, UTC
   * @throws HttpError `not-yet-projected` where people or tokens are not read as far as the trail; ReviewsError `review-too-large`
   */
  async access(asOf: string): Promise<ContentOf<'access'>> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const size = await this.size();
      const people = await this.queries.execute(new ListRights(asOf));
      const tokens = await this.queries.execute(new ListTokensThen(asOf));
      // Both are of the first `size` events, whatever was read meanwhile.
      if (!(await this.areAt(size))) continue;
      const lines = [
        ...people.filter(({ disabled }) => !disabled).flatMap(rightsOf),
        ...tokens.map(tokenLine),
      ];
      return fitting({ kind: 'access', scope: { asOf, size }, lines });
    }
    throw new HttpError('not-yet-projected', 'people and tokens are not read as far as the trail: ask again');
  }

  private async areAt(size: string): Promise<boolean> {
    const checkpoints = await this.progress.checkpoints();
    const asked = checkpoints.filter(({ name }) => RIGHTS.includes(name));
    return asked.every(({ nextPosition }) => nextPosition === size) && (await this.size()) === size;
  }

  /**
   * What happened in a period.
   * @param from @param to RFC 3339, UTC
   * @param since how many events the review before this one had seen; undefined where there is none
   * @throws ReviewsError `review-too-large`
   */
  async periodic(from: string, to: string, since: string | undefined): Promise<ContentOf<'periodic'>> {
    const size = await this.size();
    const unseen = since === undefined ? {} : { since };
    const period: Period = { from, to, size, ...unseen };
    const events = await this.queries.execute(new CountEvents(period));
    const listed = await allPages((after, limit) =>
      this.queries.execute(new EventsOfTypes(period, LISTED_TYPES, after, limit)),
    );
    const changes = await this.queries.execute(new LastOfStreams(period, CHANGES, MOST_LINES + 1));
    if (changes.length > MOST_LINES) throw tooLarge(`more than ${MOST_LINES} change requests`);
    const all = { from, to: END_OF_TIME, size, since: '0' };
    const deviations = await allPages((after, limit) =>
      this.queries.execute(new EventsOfTypes(all, DEVIATION_TYPES, after, limit)),
    );
    const lines = periodicLines(listed, changes, openDeviations(deviations, to));
    return fitting({ kind: 'periodic', scope: { from, to, events, size, ...unseen }, lines });
  }

  /** A range of the trail: what is in it, by whom, and a digest of all of it. @throws ReviewsError `review-too-large` */
  async trail(from: bigint, to: bigint, size: string): Promise<ContentOf<'trail'>> {
    const hash = createHash('sha256');
    const types = new Map<string, number>();
    const actors = new Map<string, ActorLine>();
    const changes = new Map<string, ChangeLine>();
    for (let next = from; next < to;) {
      const entries = await this.queries.execute(new ReadRange(next, to));
      if (entries.length === 0)
        throw new Error(`the trail has no position ${next}, and is said to reach ${to}`);
      for (const { type, stream, streamRevision: through, person, sha256 } of entries) {
        hash.update(`${sha256}\n`);
        types.set(type, (types.get(type) ?? 0) + 1);
        if (stream.startsWith(CHANGES)) {
          const count = (changes.get(stream)?.events ?? 0) + 1;
          changes.set(stream, {
            of: 'change',
            changeRequest: stream.slice(CHANGES.length),
            events: count,
            through,
          });
        }
        if (person === null || isOwnPresence(stream, person.id)) continue;
        const events = (actors.get(person.id)?.events ?? 0) + 1;
        actors.set(person.id, { of: 'actor', person: person.id, name: person.name, events });
      }
      next += BigInt(entries.length);
    }
    const byType = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [
      ...byType.map(([type, events]) => ({ of: 'type', type, events }) as const),
      ...[...actors.values()].sort((a, b) => (a.person < b.person ? -1 : 1)),
      ...[...changes.values()].sort((a, b) => (a.changeRequest < b.changeRequest ? -1 : 1)),
    ];
    const scope = { from: String(from), to: String(to), digest: hash.digest('hex'), size };
    return fitting({ kind: 'trail', scope, lines });
  }
}

function rightsOf({ id, login, name, roles }: RightsThen): AccessLine[] {
  const of = { of: 'right', person: id, login, name } as const;
  if (roles.length === 0) return [{ ...of, role: null, ring: null }];
  return roles.map((held) => ({ ...of, ...heldRoleParts(held) }));
}

function tokenLine({ owner, login, ownerName, name, rings, expiresAt }: TokenThen): AccessLine {
  return { of: 'token', person: owner, login, name: ownerName, token: name, rings, expiresAt };
}

/** @throws ReviewsError `review-too-large` */
function fitting<Fitting extends Content>(content: Fitting): Fitting {
  if (bytesOf(content) <= MOST_BYTES) return content;
  throw tooLarge(`${content.lines.length} lines`);
}

function tooLarge(how: string): ReviewsError {
  return new ReviewsError(
    'review-too-large',
    `what there is to review, ${how}, is more than one review can hold: review a shorter period or range`,
  );
}
