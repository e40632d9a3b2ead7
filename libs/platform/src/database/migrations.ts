import { EVENT_STORE_SCHEMA, SET_WISE_APPEND } from '#event-store/schema';
import { LEASES } from '../lease/schema.js';

/** Where reactors stand, and who may sign in: what no replay of the events can make. */
const WORKER_AND_IDENTITY = `
create schema worker authorization holdfast_worker;
create table worker.reactor_checkpoint (
  reactor text primary key,
  cursor text not null,
  at timestamptz not null default now()
);
alter table worker.reactor_checkpoint owner to holdfast_worker;

create schema identity;
create table identity.credential (
  id uuid primary key,
  person uuid not null,
  verifier text not null,
  made_at timestamptz not null default now()
);
comment on column identity.credential.verifier is 'Argon2id; its SHA-256 is in an event';

create schema read authorization holdfast_projector;
`;

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order, each run once; never changed after a release. Read models are not here: projections create their own tables. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'events', sql: EVENT_STORE_SCHEMA },
  { name: 'worker-and-identity', sql: WORKER_AND_IDENTITY },
  { name: 'leases', sql: LEASES },
  { name: 'set-wise-append', sql: SET_WISE_APPEND },
];
