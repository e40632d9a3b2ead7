import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { PersonEvent } from '../../domain/person/events.js';
import { person } from '../../domain/person/person.js';
import { PEOPLE } from '../../read-models.js';
import { PeopleChanges, type PersonRow } from './people-changes.js';
import { RightsChanges } from './rights-changes.js';

/** Who is enrolled, with which roles, and who had which role when: rows of rights carry from and to positions. */
export const peopleProjection: Projection = {
  ...PEOPLE,
  tables: [
    { name: 'people_v6', readers: ['control'] },
    { name: 'person_roles_v6', readers: ['control'] },
  ],

  async createTables(tx) {
    await tx.query(`
      create table people_v6 (
        id uuid primary key,
        login text not null unique,
        name text not null,
        roles text[] not null,
        status text not null,
        first_admin boolean not null,
        locked_until timestamptz,
        enrolled_position bigint not null,
        enrolled_at timestamptz not null,
        verification text,
        authenticator_app boolean not null,
        security_keys integer not null,
        requested_roles text[] not null,
        sign_on jsonb,
        sign_on_used_at timestamptz,
        reset_position bigint,
        disabled_position bigint,
        disabled_at timestamptz);
      create table person_roles_v6 (
        person uuid not null,
        role text not null,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        to_at timestamptz,
        primary key (person, role, from_position))`);
  },

  async apply(tx, events) {
    const mine = events.filter(({ envelope }) => envelope.stream.startsWith(PREFIX));
    if (mine.length === 0) return;
    const people = new PeopleChanges(await knownPeople(tx, new Set(mine.map(personOf))));
    const rights = new RightsChanges();
    for (const positioned of mine) {
      const id = personOf(positioned);
      const at = { position: String(positioned.position), at: positioned.envelope.at };
      const event = domainEvent<PersonEvent>(person, positioned.envelope);
      people.take(id, event, at);
      rights.take(id, event, at);
    }
    if (people.changed.length > 0) await writePeople(tx, people.changed);
    await writeRights(tx, rights);
  },
};

const PREFIX = 'person/';

function personOf({ envelope }: PositionedEvent): string {
  return envelope.stream.slice(PREFIX.length);
}

/** In JSON, as they are written again: numbers and times are texts. */
async function knownPeople(tx: ClientBase, ids: ReadonlySet<string>): Promise<PersonRow[]> {
  const { rows } = await tx.query<{ row: PersonRow }>(
    `select to_jsonb(p) || jsonb_build_object('enrolled_position', enrolled_position::text, 'reset_position', reset_position::text,
       'disabled_position', disabled_position::text) as row
     from people_v6 p where id = any($1)`,
    [[...ids]],
  );
  return rows.map(({ row }) => row);
}

async function writePeople(tx: ClientBase, rows: readonly PersonRow[]): Promise<void> {
  await tx.query(
    `insert into people_v6 select * from json_populate_recordset(null::people_v6, $1)
     on conflict (id) do update set roles = excluded.roles, status = excluded.status, locked_until = excluded.locked_until,
       authenticator_app = excluded.authenticator_app, security_keys = excluded.security_keys, requested_roles = excluded.requested_roles,
       sign_on = excluded.sign_on, sign_on_used_at = excluded.sign_on_used_at,
       reset_position = excluded.reset_position, disabled_position = excluded.disabled_position,
       disabled_at = excluded.disabled_at`,
    [JSON.stringify(rows)],
  );
}

async function writeRights(tx: ClientBase, { ended, granted }: RightsChanges): Promise<void> {
  if (ended.length > 0) {
    await tx.query(
      `update person_roles_v6 as held set to_position = ended.to_position, to_at = ended.to_at
       from json_populate_recordset(null::person_roles_v6, $1) as ended
       where held.person = ended.person and held.role = ended.role and held.to_position is null`,
      [JSON.stringify(ended)],
    );
  }
  if (granted.length > 0) {
    await tx.query(
      'insert into person_roles_v6 select * from json_populate_recordset(null::person_roles_v6, $1)',
      [JSON.stringify(granted)],
    );
  }
}
