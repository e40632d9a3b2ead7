import { Inject, Injectable } from '@nestjs/common';
import { EventStoreError } from '#event-store/port';
import { ATTEMPTS, type Decided, type StreamWriter } from '#platform/decide-and-append';
import { givenCommand } from '#platform/given-command';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { admins, ADMINS_STREAM, isBeingRemoved, type AdminRemovals } from './domain/admins/admins.js';
import { isInCommissioning } from './domain/authority.js';
import { FEWEST_ADMINS } from './domain/commissioning/commissioning.js';
import { hasActedAsAdmin } from './domain/person/admin-recovery.js';
import type { DisablePerson, RevokeRole } from './domain/person/commands.js';
import type { PersonEvent } from './domain/person/events.js';
import { person as personKind, personStream } from './domain/person/person.js';
import { rolesNow } from './domain/person/roles-now.js';
import type { Person } from './domain/person/state.js';
import { People } from './people.js';
import { PEOPLE } from './read-models.js';

type Removal = Omit<DisablePerson, 'otherAdmins'> | Omit<RevokeRole, 'otherAdmins'>;

/** Who can act as admin at this moment. */
@Injectable()
export class Admins {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  /**
   * Decides what may take an admin away, with how many there are besides. Of two who each remove another one at the same moment, also in two processes, one counts again: who removes an admin says so in
   * the register of the site first, at the revision at which they counted, and whoever counts after that does not count who goes.
   * @throws what the decider throws; EventStoreError
   */
  async remove(removal: Removal): Promise<Decided<PersonEvent, Person>> {
    // Carried out before: it was counted then.
    if (givenCommand()?.done) return this.decide(removal, FEWEST_ADMINS);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.countAndRemove(removal);
      } catch (error) {
        const overtaken = error instanceof EventStoreError && error.code === 'wrong-expected-revision';
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
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

  private async countAndRemove(removal: Removal): Promise<Decided<PersonEvent, Person>> {
    const { person, context } = removal;
    // The register before the histories: who is removed after it was read makes it go on.
    const register = await this.streams.load(admins, ADMINS_STREAM);
    const { state, revision } = await this.streams.load(personKind, personStream(person));
    if (!takesAnAdminAway(removal, state)) return this.decide(removal, 0, revision);
    const otherAdmins = await this.besides(person, register.state);
    await this.streams.requireMatch(personKind, personStream(person), context);
    // What would be refused anyway reserves nothing.
    await this.streams.foresee(personKind, state, { ...removal, otherAdmins });
    const reservation = { person, personRevision: revision, otherAdmins, context };
    await this.streams.reserve(admins, ADMINS_STREAM, reservation, register.revision);
    return this.decide(removal, otherAdmins, revision);
  }

  /** @param at the revision that was looked at; absent: wherever the history is */
  private decide(removal: Removal, otherAdmins: number, at?: bigint): Promise<Decided<PersonEvent, Person>> {
    const command = { ...removal, otherAdmins };
    const stream = personStream(removal.person);
    if (at === undefined) return this.streams.decideAndAppend(personKind, stream, command);
    return this.streams.decideAndAppendAt(personKind, stream, command, at);
  }

  /** The read model says whom to look at, and their streams whether they still are: one who became an admin a moment ago may be missing, one who is none any more never counts. */
  private async besides(person: string, removals: AdminRemovals): Promise<number> {
    const rows = await this.readModels.query<{ id: string }>(
      `select id from read.people_v${PEOPLE.version} where 'admin' = any(roles) and id <> $1`,
      [person],
    );
    const counted = await Promise.all(
      rows.map(async ({ id }) => {
        const { state, revision } = await this.streams.load(personKind, personStream(id));
        return rolesNow(state).includes('admin') && !isBeingRemoved(removals, id, revision) ? [id] : [];
      }),
    );
    return this.people.personsOf(counted.flat());
  }
}

/** Of an admin who can act, once the site is in use. */
function takesAnAdminAway(removal: Removal, state: Person): boolean {
  if (isInCommissioning(removal.context) || !rolesNow(state).includes('admin')) return false;
  return removal.type === 'DisablePerson' || removal.role === 'admin';
}
