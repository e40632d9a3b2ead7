import { Inject, Injectable } from '@nestjs/common';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import type { PersonStatus } from './domain/person/state.js';
import { rolesNow } from './domain/person/roles-now.js';
import type { HeldRole } from './domain/roles.js';
import { People } from './people.js';
import { PEOPLE, TOKENS } from './read-models.js';

export interface Listed {
  readonly id: string;
  readonly name: string;
  readonly status: Exclude<PersonStatus, 'unknown'>;
  /** None for who is disabled, or has no password yet. */
  readonly roles: readonly HeldRole[];
}

export interface OwnedToken {
  readonly id: string;
  readonly name: string;
  readonly rings: readonly string[];
}

/** Persons, by the names that people give. */
@Injectable()
export class Directory {
  constructor(
    private readonly people: People,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** As they are at this moment. @throws IdentityError `unknown-person` */
  async byLogin(login: string): Promise<Listed> {
    const { id, person } = await this.people.byLogin(login);
    const { name, status } = person;
    return { id, name, status, roles: rolesNow(person) };
  }

  /** For good. */
  async isDisabled(id: string): Promise<boolean> {
    return (await this.people.load(id)).status === 'disabled';
  }

  /** As the read model has them: with the roles held last, of who is disabled. */
  async everybody(): Promise<readonly Listed[]> {
    return this.readModels.query<Listed>(
      `select id, name, status, roles from read.people_v${PEOPLE.version}`,
    );
  }

  /** Somebody's, that were neither revoked nor ran out. @param at RFC 3339 */
  async tokensOf(id: string, at: string): Promise<readonly OwnedToken[]> {
    return this.readModels.query<OwnedToken>(
      `select id, name, scope -> 'rings' as rings from read.token_v${TOKENS.version}
       where owner = $1 and revoked_at is null and expires_at > $2::timestamptz order by issued_position`,
      [id, at],
    );
  }
}
