import { FENCED_OUT } from '../fence.js';
import { EVENTS_CHANNEL } from './append-function.js';

/** -1 for a stream without events. In line, since a function of its own would cost as much as the look into the index. */
const newestRevision = (stream: string): string =>
  `coalesce((select e.stream_revision from events.event e where e.stream = ${stream} order by e.stream_revision desc limit 1), -1)`;

/**
 * `events.append`, and what took its place: the same promises (see `append-function.ts` and `set-wise-append.ts`). Where a call's streams
 * and ids are all different, none of its appends can spoil another: one statement judges them all and writes those that fit. What it
 * did not write is then judged one after another, each on a snapshot that shows it what the one before wrote.
 *
 * The head's trigger is called only for an update that may be one to refuse.
 */
export const ONE_STATEMENT_APPEND = `
create or replace function events.append(
  streams text[], expected bigint[], counts integer[], ids uuid[], types text[], contents bytea[],
  fence text default null, fence_epoch bigint default null
) returns table (ordinal integer, outcome text, last_position bigint, last_revision bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  start bigint;
  free bigint;
  written bigint;
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

  insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
    select start + a.before + n - 1, a.in_stream, a.after + n, ids[a.given + n], types[a.given + n], start + a.before, contents[a.given + n]
    from (
      select fitting.*, sum(fitting.many) over (order by i) - fitting.many as before
      from (
        select asked.*, (sum(asked.many) over (order by i) - asked.many)::integer as given
        from unnest(streams, expected, counts) with ordinality as asked (in_stream, after, many, i)
      ) fitting
      where (select count(distinct each) = count(*) from unnest(streams) as each)
        and (select count(distinct each) = count(*) from unnest(ids) as each)
        and fitting.after = ${newestRevision('fitting.in_stream')}
        and not exists (select from events.event e where e.id = any (ids[fitting.given + 1 : fitting.given + fitting.many]))
    ) a cross join generate_series(1, a.many) as n;
  get diagnostics written = row_count;
  free := start + written;

  for i in 1 .. cardinality(streams) loop
    size := counts[i];
    ordinal := i;
    last_revision := expected[i] + size;
    last_position := null;
    if written = cardinality(ids) then
      last_position := start + taken + size - 1;
    elsif written > 0 then
      last_position := (select e.position from events.event e
        where e.stream = streams[i] and e.stream_revision = last_revision and e.position >= start);
    end if;
    if last_position is not null then
      outcome := 'appended';
    else
      newest := ${newestRevision('streams[i]')};
      if newest <> expected[i] then
        last_position := events.position_of_repeated(streams[i], expected[i],
          ids[taken + 1 : taken + size], types[taken + 1 : taken + size], contents[taken + 1 : taken + size]);
        if last_position is null then
          outcome := 'conflict';
          last_revision := newest;
        else
          outcome := 'repeated';
        end if;
      elsif exists (select from events.event e where e.id = any (ids[taken + 1 : taken + size])) then
        outcome := 'id-taken';
        last_revision := newest;
      else
        insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
          select free + n - 1, streams[i], newest + n, ids[taken + n], types[taken + n], free, contents[taken + n]
          from generate_series(1, size) as n;
        free := free + size;
        outcome := 'appended';
        last_position := free - 1;
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

drop function events.all_fit;

drop trigger forward_only on events.head;
create trigger forward_only before update on events.head
  for each row when (new.next_position <= old.next_position or old.closed) execute function events.refuse_going_back();
alter table events.head enable always trigger forward_only;
`;
