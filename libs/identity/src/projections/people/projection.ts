import type { ClientBase } from 'pg';
import { domainEvent } from '#platform/decide-and-append';
import type { PositionedEvent, Projection } from '#platform/projection';
import type { PersonEvent } from '../../domain/person/events.js';
import { person } from '../../domain/person/person.js';

/** Who is enrolled, with which roles, and who had which role when: rows of rights carry from and to positions. */
export const peopleProjection: Projection = {
  name: 'people',
  version: 1,

  async createTables(tx) {
    await tx.query(`
      create table if not exists read.people_v1 (
        id uuid primary key,
        login text not null unique,
        name text not null,
        roles text[] not null,
        status text not null,
        first_admin boolean not null,
        locked_until timestamptz,
        enrolled_position bigint not null,
        enrolled_at timestamptz not null);
      create table if not exists read.person_roles_v1 (
        person uuid not null,
        role text not null,
        from_position bigint not null,
        from_at timestamptz not null,
        to_position bigint,
        to_at timestamptz,
        primary key (person, role, from_position))`);
  },

  async apply(tx, events) {
    for (const positioned of events) {
      if (!positioned.envelope.stream.startsWith('person/')) continue;
      await applyOne(tx, positioned, domainEvent<PersonEvent>(person, positioned.envelope));
    }
  },
};

async function applyOne(
  tx: ClientBase,
  { position, envelope }: PositionedEvent,
  event: PersonEvent,
): Promise<void> {
  const id = envelope.stream.slice('person/'.length);
  const { at } = envelope;
  switch (event.type) {
    case 'PersonEnrolled': {
      const { login, name, firstAdmin } = event.data;
      await tx.query(
        `insert into read.people_v1 (id, login, name, roles, status, first_admin, enrolled_position, enrolled_at)
         values ($1, $2, $3, '{}', 'enrolled', $4, $5, $6)`,
        [id, login, name, firstAdmin, position, at],
      );
      return;
    }
    case 'PasswordSet':
      await setStatus(tx, id, 'active');
      return;
    case 'RoleGranted':
      await tx.query('update read.people_v1 set roles = $2 where id = $1', [id, event.data.new]);
      await tx.query(
        'insert into read.person_roles_v1 (person, role, from_position, from_at) values ($1, $2, $3, $4)',
        [id, event.data.role, position, at],
      );
      return;
    case 'RoleRevoked':
      await tx.query('update read.people_v1 set roles = $2 where id = $1', [id, event.data.new]);
      await endRoles(tx, id, [event.data.role], position, at);
      return;
    case 'PersonDisabled':
      await setStatus(tx, id, 'disabled');
      await endRoles(tx, id, event.data.roles, position, at);
      return;
    case 'PersonLockedOut':
      await tx.query('update read.people_v1 set locked_until = $2 where id = $1', [id, event.data.until]);
      return;
    case 'SignedIn':
      await tx.query(
        'update read.people_v1 set locked_until = null where id = $1 and locked_until is not null',
        [id],
      );
      return;
    case 'EnrolmentRenewed':
    case 'SignedOut':
    case 'SignInFailed':
    case 'CredentialTamperingFound':
      return;
  }
}

async function setStatus(tx: ClientBase, id: string, status: string): Promise<void> {
  await tx.query('update read.people_v1 set status = $2 where id = $1', [id, status]);
}

async function endRoles(
  tx: ClientBase,
  id: string,
  roles: readonly string[],
  position: bigint,
  at: string,
): Promise<void> {
  await tx.query(
    `update read.person_roles_v1 set to_position = $3, to_at = $4
     where person = $1 and role = any($2) and to_position is null`,
    [id, roles, position, at],
  );
}
