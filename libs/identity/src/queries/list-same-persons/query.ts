import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { isOver } from '../../domain/person/requests.js';
import type { AccountPair } from '../../domain/same-person/events.js';
import { SAME_PERSON_STREAM, samePerson } from '../../domain/same-person/same-person.js';
import type { SamePersons } from '../../domain/same-person/state.js';
import { People } from '../../people.js';

export interface SamePersonLine {
  /** By login. */
  readonly accounts: readonly string[];
  /** `asked` and `revocation-asked` wait for a second person. */
  readonly status: 'declared' | 'revoked' | 'asked' | 'revocation-asked';
  /** From when on it held. RFC 3339, UTC; null: it never did. */
  readonly from: string | null;
  /** Until when it held; null: it holds, or never did. */
  readonly until: string | null;
  /** Who asked for what waits; null: nothing does. */
  readonly requestedBy: string | null;
}

/** All that was ever declared, and what waits. */
export class ListSamePersons extends Query<readonly SamePersonLine[]> {}

@QueryHandler(ListSamePersons)
export class ListSamePersonsHandler implements IQueryHandler<ListSamePersons> {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of the stream: what counts persons goes by it as well. */
  async execute(): Promise<readonly SamePersonLine[]> {
    const { state, revision } = await this.streams.load(samePerson, SAME_PERSON_STREAM);
    showRevision(revision);
    const now = this.clock.now();
    const waiting = (requests: SamePersons['requested'], status: SamePersonLine['status']) =>
      [...requests.values()]
        .filter(({ expiresAt }) => !isOver(expiresAt, now))
        .map(({ accounts, requestedBy: { name } }) => {
          return { accounts, status, from: null, until: null, requestedBy: name };
        });
    const lines = [
      ...state.declared.map(({ accounts, from, until }) => {
        const status = until === null ? ('declared' as const) : ('revoked' as const);
        return { accounts, status, from, until, requestedBy: null };
      }),
      ...waiting(state.requested, 'asked'),
      ...waiting(state.revocations, 'revocation-asked'),
    ];
    return Promise.all(
      lines.map(async ({ accounts, ...line }) => ({ accounts: await this.loginsOf(accounts), ...line })),
    );
  }

  private async loginsOf(accounts: AccountPair): Promise<readonly string[]> {
    const people = await Promise.all(accounts.map((id) => this.people.load(id)));
    return people.map((person, i) => (person.status === 'unknown' ? (accounts[i] ?? '') : person.login));
  }
}
