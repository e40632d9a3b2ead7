/** SQLSTATE of an append to a store that was closed. */
export const CLOSED = 'HF002';

/**
 * A closed head takes no events from servers: the history is in another store, and what is here is an old copy. A server that was started before
 * the history was moved would else go on appending where nobody reads. Whoever owns the tables may: a history is moved back onto its copy.
 *
 * Looked at by the trigger that each append's update of the head fires anyway, under the lock that the append holds on it: whoever closes
 * the head has waited for the appends before it, and has refused those after it.
 */
export const CLOSABLE_HEAD = `
alter table events.head add column closed boolean not null default false;
comment on column events.head.closed is 'the history is in another store; servers append nothing here';

create or replace function events.refuse_going_back() returns trigger language plpgsql as $$
begin
  if new.next_position < old.next_position or (new.next_position = old.next_position and new.closed = old.closed) then
    raise exception 'the head goes from % forward only, not to %', old.next_position, new.next_position
      using errcode = 'insufficient_privilege';
  end if;
  if old.closed and new.next_position > old.next_position and not pg_catalog.pg_has_role(
    session_user, (select c.relowner from pg_catalog.pg_class c where c.oid = tg_relid), 'member')
  then
    raise exception 'the site''s events were moved from this database to EventStoreDB: start this server again, with EVENTSTORE_URL'
      using errcode = '${CLOSED}';
  end if;
  return new;
end $$;
`;
