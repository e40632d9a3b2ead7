/**
 * What each role may do, and nothing else (an app that is broken into can do no more than its role). Idempotent. Nobody but the owner
 * may touch `events.event` other than by `events.append`.
 */
export const GRANTS = `
grant usage on schema events to holdfast_control, holdfast_worker, holdfast_projector;
grant select on events.event, events.head to holdfast_control, holdfast_worker, holdfast_projector;
grant execute on function events.append to holdfast_control, holdfast_worker;

grant usage on schema holdfast to holdfast_control, holdfast_worker, holdfast_projector;
grant select on holdfast.lease to holdfast_control, holdfast_worker, holdfast_projector;
grant execute on function holdfast.take_lease, holdfast.require_lease to holdfast_worker, holdfast_projector;

grant select on holdfast.event_store, holdfast.known_event to holdfast_control, holdfast_worker, holdfast_projector;
grant insert, update on holdfast.known_event to holdfast_projector;

grant usage on schema identity to holdfast_control;
grant select, insert on identity.credential to holdfast_control;
grant select, insert, update, delete on identity.session_use to holdfast_control;

grant usage on schema site to holdfast_control, holdfast_worker;
grant select, insert, update, delete on site.sealed_setting to holdfast_control;
grant select on site.sealed_setting to holdfast_worker;

grant usage on schema attachments to holdfast_control, holdfast_worker;
grant select, insert on attachments.file, attachments.part to holdfast_control;
grant select on attachments.file, attachments.part to holdfast_worker;

grant usage on schema worker to holdfast_control;
grant select on worker.sink_state, worker.dead_letter to holdfast_control;

grant usage on schema requests to holdfast_control;
grant select, insert, update, delete on requests.taken to holdfast_control;

grant usage on schema fleet to holdfast_control, holdfast_worker;
grant select, insert, update on fleet.heartbeat to holdfast_control;
grant select on fleet.heartbeat to holdfast_worker;

grant usage on schema read to holdfast_control, holdfast_proxy;
alter default privileges for role holdfast_projector in schema read grant select on tables to holdfast_control;
grant select on read.projection_checkpoint to holdfast_control;

grant usage on schema readers to holdfast_control, holdfast_proxy, holdfast_projector;
grant select, insert, update on readers.announcement to holdfast_control, holdfast_proxy;
grant select, delete on readers.announcement to holdfast_projector;
`;
