import { FENCED_OUT } from '#event-store/fence';

/**
 * Who acts for a role. The epoch is the fencing token: it grows each time the lease is taken, and what a holder writes is refused once it is not
 * the newest any more. It is the clock's milliseconds, or one more than the last where the clock went back: so it grows over a
 * database that was restored, or a standby that lost the last commits, as well.
 *
 * `take_lease` waits for the lock that goes with the session, then begins a new epoch. It is the caller's own lease, named after the role
 * that signed in: nobody can fence out another role.
 *
 * `require_lease` keeps the row locked until the caller's transaction ends: a take-over waits for what its predecessor is writing, and
 * whatever that one writes later is refused.
 */
export const LEASES = `
create table holdfast.lease (
  name text primary key,
  epoch bigint not null,
  taken_at timestamptz not null
);

create function holdfast.take_lease() returns table (name text, epoch bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  name := session_user;
  perform pg_advisory_lock(hashtextextended('holdfast.lease ' || name, 0));
  insert into holdfast.lease as lease (name, epoch, taken_at)
    values (take_lease.name, extract(epoch from clock_timestamp()) * 1000, clock_timestamp())
    on conflict on constraint lease_pkey
      do update set epoch = greatest(lease.epoch + 1, excluded.epoch), taken_at = excluded.taken_at
    returning lease.epoch into take_lease.epoch;
  return next;
end $$;

create function holdfast.require_lease(name text, epoch bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from holdfast.lease where lease.name = require_lease.name and lease.epoch = require_lease.epoch for share;
  if not found then
    raise exception 'fenced out: the lease % is not held in epoch % any more, somebody else took it over', name, epoch
      using errcode = '${FENCED_OUT}';
  end if;
end $$;

revoke all on function holdfast.take_lease, holdfast.require_lease from public;
`;
