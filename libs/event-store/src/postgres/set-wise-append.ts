import { FENCED_OUT } from '../fence.js';
import { EVENTS_CHANNEL } from './append-function.js';

/** -1 for a stream without events. In line, since a function of its own would cost as much as the look into the index. */
const newestRevision = (stream: string): string =>
  `coalesce((select e.stream_revision from events.event e where e.stream = ${stream} order by e.stream_revision desc limit 1), -1)`;

/**
 * `events.append`, and what took its place: the same promises (see `append-function.ts`). A call whose appends all fit, each at its own
 * stream's newest revision and with ids that are nobody's, is judged by one statement and written by another. Any other call is
 * taken one append after another, each on a snapshot that shows it what the one before wrote.
 *
 * `fence` and `fence_epoch`, where given, name a lease and the epoch under which the caller holds it. A caller that lost it since is refused
 * as a whole; the lease's row stays locked until the commit, so nobody takes the lease over between the check and the write. The worker's role
 * must give one: control, of which there are many, has none.
 *
 * Its plans are made once per session, maybe while the table is empty or was never analysed: hence no sequential scans, which would
 * stay with the session while the table grows.
 *
 * `one-statement-append.ts` took its place.
 */
export const SET_WISE_APPEND = `
drop function events.append(text[], bigint[], integer[], uuid[], text[], bytea[]);

create function events.all_fit(streams text[], expected bigint[], ids uuid[]) returns boolean language sql stable as $$
  select (
      select count(distinct s.stream) = count(*) and bool_and(s.expected = ${newestRevision('s.stream')})
      from unnest(streams, expected) as s (stream, expected)
    )
    and (select count(distinct id) = count(*) from unnest(ids) as id)
    and not exists (select from events.event e where e.id = any (ids))
$$;
comment on function events.all_fit is 'whether each append can be written whatever becomes of the others';

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
  start bigint;
  free bigint;
  taken integer := 0;
  size integer;
  newest bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'events.append needs fresh snapshots: call it in a read committed transaction';
  end if;
  select h.next_position into strict start from events.head h for update;
  if fence is not null then
    perform holdfast.require_lease(fence, fence_epoch);
  elsif session_user = 'holdfast_worker' then
    raise exception 'fenced out: there is one worker, and it appends under the lease that it holds' using errcode = '${FENCED_OUT}';
  end if;
  if events.all_fit(streams, expected, ids) then
    free := start + cardinality(ids);
    insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
      select start + a.before + n - 1, a.stream, a.expected + n, ids[a.before + n], types[a.before + n], start + a.before, contents[a.before + n]
      from (
        select asked.*, sum(asked.size) over (order by i) - asked.size as before
        from unnest(streams, expected, counts) with ordinality as asked (stream, expected, size, i)
      ) a cross join generate_series(1, a.size) as n;
    return query
      select i::integer, 'appended', start + sum(a.size) over (order by i) - 1, a.expected + a.size
      from unnest(expected, counts) with ordinality as a (expected, size, i);
  else
    free := start;
    for i in 1 .. cardinality(streams) loop
      size := counts[i];
      ordinal := i;
      newest := ${newestRevision('streams[i]')};
      last_position := null;
      last_revision := newest;
      if newest <> expected[i] then
        last_position := events.position_of_repeated(streams[i], expected[i],
          ids[taken + 1 : taken + size], types[taken + 1 : taken + size], contents[taken + 1 : taken + size]);
        if last_position is null then
          outcome := 'conflict';
        else
          outcome := 'repeated';
          last_revision := expected[i] + size;
        end if;
      elsif exists (select from events.event e where e.id = any (ids[taken + 1 : taken + size])) then
        outcome := 'id-taken';
      else
        insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
          select free + n - 1, streams[i], newest + n, ids[taken + n], types[taken + n], free, contents[taken + n]
          from generate_series(1, size) as n;
        free := free + size;
        outcome := 'appended';
        last_position := free - 1;
        last_revision := newest + size;
      end if;
      taken := taken + size;
      return next;
    end loop;
  end if;
  if free > start then
    update events.head set next_position = free;
    perform pg_notify('${EVENTS_CHANNEL}', (free - 1)::text);
  end if;
end $$;

revoke all on function events.append, events.all_fit, events.position_of_repeated from public;
`;
