import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { revisionOf } from '#audit-trail/published';
import { showRevision } from '#platform/given-command';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import { IdentityError } from '../../domain/errors.js';
import { PERSON_LINE, type PersonLine } from '../person-line.js';

/** One person, also who is disabled. */
export class ShowPerson extends Query<PersonLine> {
  /** @param who a login, or an id: no login is as long as one */
  constructor(readonly who: string) {
    super();
  }
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LOGIN = /^[a-z][a-z0-9._-]{1,31}$/;

interface Row extends PersonLine {
  readonly revision: string | null;
}

@QueryHandler(ShowPerson)
export class ShowPersonHandler implements IQueryHandler<ShowPerson> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  /** @throws IdentityError `unknown-person`; HttpError `not-yet-projected`, `unavailable` */
  async execute({ who }: ShowPerson): Promise<PersonLine> {
    const row = await this.find(who);
    if (!row) throw new IdentityError('unknown-person', `nobody has the login, or the id, ${who}`);
    const { revision, ...person } = row;
    if (revision !== null) showRevision(BigInt(revision));
    return person;
  }

  private async find(who: string): Promise<Row | undefined> {
    const column = ID.test(who) ? 'id' : 'login';
    if (column === 'login' && !LOGIN.test(who)) return undefined;
    const [row] = await this.readModels.query<Row>(
      `select ${PERSON_LINE}, ${revisionOf(`'person/' || id`)} as revision from read.people_v6 where ${column} = $1`,
      [who],
    );
    return row;
  }
}
