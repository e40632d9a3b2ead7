/** The channel of the notification that every append sends when it commits. */
export const EVENTS_CHANNEL = 'holdfast_events';

/**
 * `events.append`: several appends in one call and one commit, a result for each, so that appends which wait in one process can go together and
 * a conflict of one does not spoil the others. The i-th append takes the next `counts[i]` of `ids`, `types` and `contents`.
 *
 * The head is locked by a statement of its own: in READ COMMITTED each later statement then takes a fresh snapshot, which sees what the
 * previous holder of the lock committed. (Locked and checked in one statement, a waiter would check against the past.)
 *
 * Outcomes: `appended`; `repeated`, these very events are already there at this revision, from one append; `conflict`; `id-taken`, an id
 * belongs to another event.
 *
 * As the first release made it; `set-wise-append.ts` took its place.
 */
export const APPEND_FUNCTION = `
create function events.append(
  streams text[], expected bigint[], counts integer[], ids uuid[], types text[], contents bytea[]
) returns table (ordinal integer, outcome text, last_position bigint, last_revision bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  free bigint;
  start bigint;
  taken integer := 0;
  size integer;
  newest bigint;
  same bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'events.append needs fresh snapshots: call it in a read committed transaction';
  end if;
  select h.next_position into strict start from events.head h for update;
  free := start;
  for i in 1 .. cardinality(streams) loop
    size := counts[i];
    ordinal := i;
    newest := coalesce(
      (select e.stream_revision from events.event e where e.stream = streams[i] order by e.stream_revision desc limit 1), -1);
    if newest = expected[i] then
      if exists (select from events.event e where e.id = any (ids[taken + 1 : taken + size])) then
        outcome := 'id-taken';
        last_position := null;
        last_revision := newest;
      else
        insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
          select free + n - 1, streams[i], newest + n, ids[taken + n], types[taken + n], free, contents[taken + n]
          from generate_series(1, size) as n;
        free := free + size;
        outcome := 'appended';
        last_position := free - 1;
        last_revision := newest + size;
      end if;
    else
      select count(*), max(e.position) into same, last_position
        from generate_series(1, size) as n
        join events.event e on e.stream = streams[i] and e.stream_revision = expected[i] + n
          and e.id = ids[taken + n] and e.type = types[taken + n] and e.bytes = contents[taken + n]
          and e.append_first = e.position - n + 1;
      if same = size and not exists
        (select from events.event e where e.position = last_position + 1 and e.append_first <= last_position)
      then
        outcome := 'repeated';
        last_revision := expected[i] + size;
      else
        outcome := 'conflict';
        last_position := null;
        last_revision := newest;
      end if;
    end if;
    taken := taken + size;
    return next;
  end loop;
  if free > start then
    update events.head set next_position = free;
    perform pg_notify('${EVENTS_CHANNEL}', (free - 1)::text);
  end if;
end $$;

revoke all on function events.append from public;
`;
