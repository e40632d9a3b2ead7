import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext } from '#kernel';
import type { ReadModels } from '#platform/http/read-models';
import { InTurn } from '#platform/in-turn';
import { READ_MODELS } from '#platform/tokens';
import { isInCommissioning } from './domain/authority.js';
import { hasActedAsAdmin } from './domain/person/admin-recovery.js';
import { People } from './people.js';
import { PEOPLE } from './read-models.js';

/** Who can act as admin at this moment. */
@Injectable()
export class Admins {
  private readonly turns = new InTurn();

  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly people: People,
  ) {}

  /**
   * Runs `then` with how many there are besides one; asked only where it matters: of an admin, once the site is in use. One at a time: otherwise two who each remove another one at the same moment would both still count who goes.
   */
  async whileCounted<Result>(
    person: string,
    context: CommandContext,
    then: (otherAdmins: number) => Promise<Result>,
  ): Promise<Result> {
    return this.turns.run('admins', async () => then(await this.besides(person, context)));
  }

  /** How many have been signed in since, or in the time before in which a session would still be open. @param at RFC 3339 */
  async whoActSince(at: string): Promise<number> {
    const rows = await this.readModels.query<{ id: string }>(
      `select id from read.people_v${PEOPLE.version} where 'admin' = any(roles)`,
    );
    const acting = await Promise.all(
      rows.map(async ({ id }) => (hasActedAsAdmin(await this.people.load(id), at) ? [id] : [])),
    );
    return this.people.personsOf(acting.flat());
  }

  /** The read model says whom to look at, and their streams whether they still are: one who became an admin a moment ago may be missing, one who is none any more never counts. */
  private async besides(person: string, context: CommandContext): Promise<number> {
    if (isInCommissioning(context) || !(await this.people.isAdmin(person))) return 0;
    const rows = await this.readModels.query<{ id: string }>(
      `select id from read.people_v${PEOPLE.version} where 'admin' = any(roles) and id <> $1`,
      [person],
    );
    const admins = await Promise.all(
      rows.map(async ({ id }) => ((await this.people.isAdmin(id)) ? [id] : [])),
    );
    return this.people.personsOf(admins.flat());
  }
}
