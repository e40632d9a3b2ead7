/**
 * The event store's tables. `bytes` is the record; `body` is derived from it by the database, for queries only, and null for what `jsonb`
 * cannot hold (a NUL in a string). `at` is when the row was written; what people see as an event's time is in its bytes.
 *
 * Positions come from the one row of `head`, which an append locks until it commits: they are gapless and in commit order, so no reader that
 * asks for `position > n` can skip an event. An event with a lower position cannot appear later.
 */
export const EVENTS_SCHEMA = `
create schema events;

create table events.head (
  one integer primary key default 1 check (one = 1),
  next_position bigint not null check (next_position >= 0)
);
insert into events.head (next_position) values (0);

create function events.json_of(bytes bytea) returns jsonb language plpgsql immutable as $$
begin
  return convert_from(bytes, 'UTF8')::jsonb;
exception when data_exception then
  return null;
end $$;

create table events.event (
  position bigint primary key,
  stream text not null check (stream <> ''),
  stream_revision bigint not null check (stream_revision >= 0),
  id uuid not null unique,
  type text not null,
  append_first bigint not null check (append_first between 0 and position),
  bytes bytea not null check (octet_length(bytes) <= 65535),
  body jsonb generated always as (events.json_of(bytes)) stored,
  at timestamptz not null default clock_timestamp(),
  unique (stream, stream_revision)
);
comment on column events.event.append_first is 'position of the first event of the same append';
`;

/**
 * Nothing that was written is changed or removed, by nobody: these triggers fire for the owner too, and in a session that plays replica.
 * Only who may alter the table can take them off, and that is what the ledger shows.
 */
export const APPEND_ONLY_TRIGGERS = `
create function events.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% refused: the record is append-only', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create function events.refuse_going_back() returns trigger language plpgsql as $$
begin
  if new.next_position <= old.next_position then
    raise exception 'the head goes from % forward only, not to %', old.next_position, new.next_position
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create trigger append_only before update or delete or truncate on events.event
  for each statement execute function events.refuse_change();
alter table events.event enable always trigger append_only;

create trigger keep_head before delete or truncate on events.head
  for each statement execute function events.refuse_change();
alter table events.head enable always trigger keep_head;

create trigger forward_only before update on events.head
  for each row execute function events.refuse_going_back();
alter table events.head enable always trigger forward_only;
`;

/**
 * The first release derived `body` when an event was written, and stored it: work at each append for queries that seldom come.
 * Whoever asks derives it now. `readable` is for people with `psql`; no code of ours reads it.
 */
export const READABLE_EVENTS = `
alter table events.event drop column body;
create view events.readable with (security_invoker = true) as
  select position, stream, stream_revision, type, at, events.json_of(bytes) as body from events.event;
comment on view events.readable is 'the events as JSON; the record is the bytes in events.event';
`;
