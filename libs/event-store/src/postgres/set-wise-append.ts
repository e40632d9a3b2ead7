import { EVENTS_CHANNEL } from './append-function.js';

/** SQLSTATE of a call whose fence is not the newest one; `holdfast.require_lease` raises it. */
export const FENCED_OUT = 'HF001';

/**
 * `events.append`, and what took its place: the same promises (see `append-function.ts`), with all appends of a call judged and written by one
 * statement. Only appends that touch the same stream, or bring the same id, are taken one after another, each on a snapshot that shows it
 * what the one before wrote.
 *
 * `fence` and `fence_epoch`, where given, name a lease and the epoch under which the caller holds it. A caller that lost it since is refused
 * as a whole; the lease's row stays locked until the commit, so nobody takes the lease over between the check and the write.
 *
 * Its plans are made once per session, maybe while the table is empty or was never analysed: hence no sequential scans, which would
 * stay with the session while the table grows.
 */
export const SET_WISE_APPEND = `
drop function events.append(text[], bigint[], integer[], uuid[], text[], bytea[]);

create function events.position_of_repeated(
  in_stream text, after bigint, these_ids uuid[], these_types text[], these_contents bytea[]
) returns bigint language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  size integer := cardinality(these_ids);
  same bigint;
  last bigint;
begin
  select count(*), max(e.position) into same, last
    from generate_series(1, size) as n
    join events.event e on e.stream = in_stream and e.stream_revision = after + n
      and e.id = these_ids[n] and e.type = these_types[n] and e.bytes = these_contents[n]
      and e.append_first = e.position - n + 1;
  if same < size or exists (select from events.event e where e.position = last + 1 and e.append_first <= last) then
    return null;
  end if;
  return last;
end $$;
comment on function events.position_of_repeated is 'where these very events stand, if they are one append that was written after that revision';

create function events.append(
  streams text[], expected bigint[], counts integer[], ids uuid[], types text[], contents bytea[],
  fence text default null, fence_epoch bigint default null
) returns table (ordinal integer, outcome text, last_position bigint, last_revision bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  size integer := cardinality(streams);
  at_once integer;
  start bigint;
  free bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'events.append needs fresh snapshots: call it in a read committed transaction';
  end if;
  select h.next_position into strict start from events.head h for update;
  if fence is not null then
    perform holdfast.require_lease(fence, fence_epoch);
  end if;
  free := start;
  at_once := case
    when (select count(distinct s) from unnest(streams) s) = size and (select count(distinct i) from unnest(ids) i) = cardinality(ids)
    then size else 1 end;
  for low in 1 .. size by greatest(at_once, 1) loop
    for ordinal, outcome, last_position, last_revision, free in
      with asked as (
        select a.i::integer, a.stream, a.expected, a.size, sum(a.size) over (order by a.i) - a.size as before
        from unnest(streams, expected, counts) with ordinality as a (stream, expected, size, i)
      ), judged as (
        select asked.*, coalesce(
            (select e.stream_revision from events.event e where e.stream = asked.stream order by e.stream_revision desc limit 1), -1
          ) as newest,
          exists (select from events.event e where e.id = any (ids[asked.before + 1 : asked.before + asked.size])) as id_taken
        from asked where i between low and low + at_once - 1
      ), placed as materialized (
        select judged.*, newest = judged.expected and not id_taken as fits,
          free + coalesce(sum(judged.size) filter (where newest = judged.expected and not id_taken) over (order by i), 0) as next
        from judged
      ), written as (
        insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
        select p.next - p.size + n - 1, p.stream, p.newest + n, c.id, c.type, p.next - p.size, c.bytes
        from placed p cross join generate_series(1, p.size) as n
        join unnest(ids, types, contents) with ordinality as c (id, type, bytes, o) on c.o = p.before + n
        where p.fits
      ), again as materialized (
        select p.*, case when p.newest <> p.expected then events.position_of_repeated(p.stream, p.expected,
            ids[p.before + 1 : p.before + p.size], types[p.before + 1 : p.before + p.size], contents[p.before + 1 : p.before + p.size]
          ) end as repeated
        from placed p
      )
      select a.i,
        case when a.fits then 'appended' when a.newest = a.expected then 'id-taken' when a.repeated is null then 'conflict' else 'repeated' end,
        case when a.fits then a.next - 1 else a.repeated end,
        case when a.fits then a.newest + a.size when a.repeated is null then a.newest else a.expected + a.size end,
        max(a.next) over ()
      from again a
    loop
      return next;
    end loop;
  end loop;
  if free > start then
    update events.head set next_position = free;
    perform pg_notify('${EVENTS_CHANNEL}', (free - 1)::text);
  end if;
end $$;

revoke all on function events.append, events.position_of_repeated from public;
`;
