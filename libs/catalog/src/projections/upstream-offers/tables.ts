/**
 * What upstream offers. Times of upstream's are text: they are its words, checked for their form only, and no form that a database would take
 * for a time can be relied upon.
 */
export const UPSTREAM_OFFERS_TABLES = `
create table upstream_snap_v1 (
  snap_id text primary key,
  name text,
  publisher text,
  declaration_revision integer,
  revoked boolean not null,
  failure_code text,
  failure_message text,
  changed_position bigint not null,
  changed_at timestamptz not null
);
create index upstream_snap_v1_name on upstream_snap_v1 (name);
create table upstream_channel_v1 (
  snap_id text not null,
  channel text not null,
  architecture text not null,
  revision bigint not null,
  version text not null,
  released_at text not null,
  since_position bigint not null,
  since_at timestamptz not null,
  primary key (snap_id, architecture, channel)
);
create table upstream_revision_v1 (
  snap_id text not null,
  revision bigint not null,
  version text,
  gone boolean not null,
  primary key (snap_id, revision)
);
`;
