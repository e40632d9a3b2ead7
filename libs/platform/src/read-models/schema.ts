/**
 * Where read models stand. The tables of before, which had no slot, go with their checkpoints: the projector replays them at its next start.
 *
 * Schema `read` is what readers see: views, and how far they are. The tables behind them are in `read_blue` and `read_green`, which nobody
 * else may look into. `readers.announcement` is who reads which version, said anew every minute: what nobody reads any more can be dropped.
 */
export const READ_MODELS_IN_SLOTS = `
drop table if exists read.audit_trail_v1, read.people_v1, read.person_roles_v1, read.change_request_v1, read.override_v1,
  read.policy_document_v1, read.policy_event_v1, read.projection_checkpoint;

create schema read_blue authorization holdfast_projector;
create schema read_green authorization holdfast_projector;

create table read.projection_checkpoint (
  name text not null,
  version integer not null,
  slot text not null check (slot in ('blue', 'green')),
  tables text[] not null,
  next_position bigint not null,
  cursor text,
  live_since timestamptz not null default now(),
  primary key (name, version)
);
alter table read.projection_checkpoint owner to holdfast_projector;

create table read.rebuild_request (
  id bigint generated always as identity primary key,
  names text[] not null,
  state text not null default 'asked' check (state in ('asked', 'running', 'done', 'failed')),
  starts integer not null default 0,
  position bigint,
  detail text,
  asked_at timestamptz not null default now(),
  ended_at timestamptz
);
alter table read.rebuild_request owner to holdfast_projector;

create schema readers;
create table readers.announcement (
  reader uuid not null,
  name text not null,
  version integer not null,
  at timestamptz not null default now(),
  primary key (reader, name, version)
);
`;
