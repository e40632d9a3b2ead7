import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import { PERSON_LINE, type PersonLine } from '../person-line.js';

export interface PeoplePage {
  readonly people: readonly PersonLine[];
  readonly next: string | null;
}

/** By login. */
export class ListPeople extends Query<PeoplePage> {
  constructor(readonly page: { readonly after?: string | undefined; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListPeople)
export class ListPeopleHandler implements IQueryHandler<ListPeople> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ page: { after = '', limit } }: ListPeople): Promise<PeoplePage> {
    const rows = await this.readModels.query<PersonLine>(
      `select ${PERSON_LINE} from read.people_v6 where login > $1 order by login limit $2`,
      [after, limit + 1],
    );
    const page = pageOf('people', rows, limit, ({ login }) => login);
    return { people: page.rows, next: page.next };
  }
}
