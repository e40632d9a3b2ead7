import { Inject, Injectable } from '@nestjs/common';
import { personBehind, type PersonActor } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { commissioning, SITE_STREAM } from './domain/commissioning/commissioning.js';
import { IdentityError } from './domain/errors.js';
import { login, loginStream } from './domain/login/login.js';
import { person, personStream } from './domain/person/person.js';
import { rolesNow } from './domain/person/roles-now.js';
import type { NamedAccount } from './domain/same-person/same-person.js';
import type { KnownPerson, Person } from './domain/person/state.js';

/** People as the history has them at this moment. Read from the streams and never from a read model: rights must not lag. */
@Injectable()
export class People {
  private commissioningClosed = false;

  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async load(id: string): Promise<Person> {
    return (await this.streams.load(person, personStream(id))).state;
  }

  /** The id behind a login, or null. */
  async idOf(name: string): Promise<string | null> {
    return (await this.streams.load(login, loginStream(name))).state.person;
  }

  /** @throws IdentityError `unknown-person` */
  async byLogin(name: string): Promise<{ readonly id: string; readonly person: KnownPerson }> {
    const id = await this.idOf(name);
    const found = id === null ? undefined : await this.load(id);
    if (id === null || found === undefined || found.status === 'unknown') {
      throw new IdentityError('unknown-person', `nobody has the login ${name}`);
    }
    return { id, person: found };
  }

  /** Two accounts, by login, also of who is disabled. @throws IdentityError `unknown-person` */
  async accounts([one, other]: readonly [string, string]): Promise<readonly [NamedAccount, NamedAccount]> {
    const [first, second] = [await this.byLogin(one), await this.byLogin(other)];
    return [
      { id: first.id, login: one },
      { id: second.id, login: other },
    ];
  }

  /** Whether somebody is an admin at this moment. */
  async isAdmin(id: string): Promise<boolean> {
    return rolesNow(await this.load(id)).includes('admin');
  }

  /** How many persons have these accounts. @param ids of accounts */
  async personsOf(ids: readonly string[]): Promise<number> {
    const linked = await this.streams.linkedAccounts();
    return new Set(ids.map((id) => personBehind(id, linked))).size;
  }

  /** How a person's command is marked as authenticated: whatever is done before commissioning is closed is marked as done in it. */
  async authOf(auth: 'session' | 'password' | 'single-sign-on'): Promise<PersonActor['auth']> {
    return (await this.isCommissioningOpen()) ? 'commissioning' : auth;
  }

  private async isCommissioningOpen(): Promise<boolean> {
    // Once closed, closed for good: no need to look again.
    this.commissioningClosed ||= (await this.streams.load(commissioning, SITE_STREAM)).state === 'closed';
    return !this.commissioningClosed;
  }
}
