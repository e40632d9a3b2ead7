import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import { isInCommissioning } from './domain/authority.js';
import { People } from './people.js';
import { PEOPLE } from './read-models.js';

/** Who can act as admin at this moment. */
@Injectable()
export class Admins {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly people: People,
  ) {}

  /**
   * How many there are besides one; asked only where it matters: of an admin, once the site is in use. The read model says whom to look at, and their streams whether they still are: one who became an admin a moment ago may be
   * missing, one who is none any more never counts.
   */
  async besides(person: string, context: CommandContext): Promise<number> {
    if (isInCommissioning(context) || !(await this.people.isAdmin(person))) return 0;
    const rows = await this.readModels.query<{ id: string }>(
      `select id from read.people_v${PEOPLE.version} where 'admin' = any(roles) and id <> $1`,
      [person],
    );
    const admins = await Promise.all(rows.map(({ id }) => this.people.isAdmin(id)));
    return admins.filter((isAdmin) => isAdmin).length;
  }
}
