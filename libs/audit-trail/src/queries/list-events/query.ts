import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventEnvelope } from '#kernel';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import { whereOf, type AuditFilter, type Order } from '../audit-filter.js';

/** A page of what is searched for. */
export interface EventsAsked extends AuditFilter {
  readonly limit: number;
  readonly order: Order;
}

/** An event as it was written, with its place in the ledger and the SHA-256 of its exact bytes. */
export interface AuditedEvent extends EventEnvelope {
  readonly position: string;
  readonly sha256: string;
}

export interface AuditPage {
  readonly events: readonly AuditedEvent[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

/** The oldest first, unless it is asked for otherwise: a trail is read, and reviewed, in the order in which it was written. */
export class ListEvents extends Query<AuditPage> {
  constructor(readonly filter: EventsAsked) {
    super();
  }
}

interface Row {
  readonly position: string;
  readonly sha256: string;
  readonly body: EventEnvelope;
}

@QueryHandler(ListEvents)
export class ListEventsHandler implements IQueryHandler<ListEvents> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter: { limit, order, ...filter } }: ListEvents): Promise<AuditPage> {
    const { conditions, values } = whereOf(filter, order);
    const rows = await this.readModels.query<Row>(
      `select position::text as position, sha256, body from read.audit_trail_v1
       ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
       order by read.audit_trail_v1.position ${order === 'newest' ? 'desc' : 'asc'} limit ${limit + 1}`,
      values,
    );
    const page = pageOf('audit', rows, limit, ({ position }) => position);
    const events = page.rows.map(({ position, sha256, body }) => ({ ...body, position, sha256 }));
    return { events, next: page.next };
  }
}
