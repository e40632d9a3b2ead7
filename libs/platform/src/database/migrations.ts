import {
  CLOSABLE_HEAD,
  EVENT_STORE_SCHEMA,
  ONE_STATEMENT_APPEND,
  READABLE_EVENTS,
  SET_WISE_APPEND,
} from '#event-store/schema';
import { LEASES } from '../lease/schema.js';
import { READ_MODELS_IN_SLOTS } from '../read-models/schema.js';

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

/**
 * Which store the history is in: set when the site is founded, and when a whole history was copied to the other store. A site that is older than
 * this table has its history here.
 */
const EVENT_STORE_IN_USE = `
create table holdfast.event_store (
  one integer primary key default 1 check (one = 1),
  kind text not null check (kind in ('postgresql', 'eventstoredb')),
  since timestamptz not null default now()
);
insert into holdfast.event_store (kind) select 'postgresql' from events.head where next_position > 0;
`;

/** How far the worker's scrub of the kept blobs is. It stood among the reactors' cursors before, where it is none. */
const SCRUB_POSITION = `
create table worker.scrub_position (
  one integer primary key default 1 check (one = 1),
  after text,
  slice_at timestamptz,
  round_at timestamptz
);
alter table worker.scrub_position owner to holdfast_worker;
delete from worker.reactor_checkpoint where reactor = 'scrub-kept-blobs';
`;

/** Where the history was moved away already, the head is closed now. */
const CLOSED_WHERE_MOVED = `
update events.head set closed = true where exists (select from holdfast.event_store where kind <> 'postgresql');
`;

/**
 * The newest event that the history is known to have: sealed by the projector, or copied when the history was moved. A store without it is an old
 * copy, whatever it begins with.
 */
const KNOWN_EVENT = `
create table holdfast.known_event (
  one integer primary key default 1 check (one = 1),
  position bigint not null,
  stream text not null,
  stream_revision bigint not null,
  id uuid not null
);
`;

/** How far the worker's looks at upstream are. */
const SYNC_POSITION = `
create table worker.sync_position (
  one integer primary key default 1 check (one = 1),
  round_at timestamptz,
  tried_at timestamptz,
  failures integer not null default 0
);
alter table worker.sync_position owner to holdfast_worker;
`;

/**
 * When each node was heard of last: what no replay of the events can make, and too often for events. Control writes it, the worker looks for those
 * that fell silent.
 */
const HEARTBEATS = `
create schema fleet;
create table fleet.heartbeat (
  node text primary key,
  stamp bigint not null,
  heard_at timestamptz not null,
  sent_at timestamptz not null,
  version text not null,
  policy_position text,
  backlog integer not null,
  backlog_since timestamptz
);
comment on column fleet.heartbeat.stamp is 'the node counts it up: a heartbeat that is sent again is none';
comment on column fleet.heartbeat.sent_at is 'by the clock of the node';
`;

/** The values of the site's secret settings: what the events have only digests of. */
const SEALED_SETTINGS = `
create schema site;
create table site.sealed_setting (
  key text not null,
  digest text not null,
  sealed bytea not null,
  sealed_at timestamptz not null default now(),
  primary key (key, digest)
);
comment on column site.sealed_setting.digest is 'as in an event: which row of a key counts';
comment on column site.sealed_setting.sealed is 'AES-256-GCM under a key that derives from site.key: nonce, content, tag';
`;

/** Null: the node's release does not say it. */
const HEARTBEAT_RING = 'alter table fleet.heartbeat add column ring text;';

/** Requests that were given with an `Idempotency-Key`, for a day or so. */
const TAKEN_REQUESTS = `
create schema requests;
create table requests.taken (
  command uuid primary key,
  actor text not null,
  fingerprint bytea not null,
  after text,
  answer bytea,
  taken_at timestamptz not null default now(),
  worker uuid,
  working_until timestamptz
);
create index taken_actor on requests.taken (actor, taken_at);
comment on column requests.taken.command is 'derived from who asked and the key: the cause of the events';
comment on column requests.taken.worker is 'who is at it, as long as working_until says; null once that is over';
comment on column requests.taken.fingerprint is 'HMAC-SHA-256 of the request under a key that derives from site.key';
comment on column requests.taken.after is 'a cursor of the event store, before whatever the request appended';
comment on column requests.taken.answer is 'AES-256-GCM under a key that derives from site.key: nonce, content, tag';
`;

/**
 * How far the worker is with what it tells each sink, besides the cursor, which is a reactor's checkpoint under the same name; and what it gave up.
 * `cursor` is the one that `events` was counted up to: where the checkpoint is another one, it is counted again.
 */
const SINK_STATE = `
create table worker.sink_state (
  sink text primary key,
  cursor text,
  events bigint not null,
  start bigint,
  replays integer not null,
  delivered_at timestamptz,
  trying_position bigint,
  trying jsonb
);
comment on column worker.sink_state.sink is 'sink/<name>/<number>, the number among all that there ever were';
comment on column worker.sink_state.start is 'what has a lower position is not sent; null: the event that added it is still ahead';
alter table worker.sink_state owner to holdfast_worker;
create table worker.dead_letter (
  sink text not null,
  position bigint not null,
  event uuid not null,
  type text not null,
  stream text not null,
  since timestamptz not null,
  given_up_at timestamptz not null,
  attempts integer not null,
  why text not null,
  primary key (sink, position)
);
alter table worker.dead_letter owner to holdfast_worker;
`;

/**
 * The bytes of attachments: `file` says which upload has the bytes of a digest, and `part` has them, in order. All rows of a file are one transaction. Nobody but the owner may alter
 * or remove one.
 */
const ATTACHMENTS = `
create schema attachments;
create table attachments.part (
  upload uuid not null,
  part integer not null,
  bytes bytea not null,
  primary key (upload, part)
);
alter table attachments.part alter column bytes set storage external;
create table attachments.file (
  sha256 text primary key,
  sha3_384 text not null,
  size bigint not null,
  upload uuid not null unique,
  kept_at timestamptz not null default now()
);
`;

/** When each session was used last: what no replay of the events can make, and too often for events. */
const SESSION_USE = `
create table identity.session_use (
  session uuid primary key,
  used_at timestamptz not null
);
comment on column identity.session_use.used_at is 'to the minute; a session without a row was not used since it began';
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
  { name: 'event-store-in-use', sql: EVENT_STORE_IN_USE },
  { name: 'read-models-in-slots', sql: READ_MODELS_IN_SLOTS },
  { name: 'scrub-position', sql: SCRUB_POSITION },
  { name: 'closable-head', sql: CLOSABLE_HEAD + CLOSED_WHERE_MOVED },
  { name: 'readable-events', sql: READABLE_EVENTS },
  { name: 'known-event', sql: KNOWN_EVENT },
  { name: 'sync-position', sql: SYNC_POSITION },
  { name: 'one-statement-append', sql: ONE_STATEMENT_APPEND },
  { name: 'heartbeats', sql: HEARTBEATS },
  { name: 'sealed-settings', sql: SEALED_SETTINGS },
  { name: 'heartbeat-ring', sql: HEARTBEAT_RING },
  { name: 'taken-requests', sql: TAKEN_REQUESTS },
  { name: 'sink-state', sql: SINK_STATE },
  { name: 'attachments', sql: ATTACHMENTS },
  { name: 'session-use', sql: SESSION_USE },
];
