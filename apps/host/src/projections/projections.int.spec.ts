import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { append, noted } from '#apps/projector/fixtures/history';
import { SiteHistory } from '#apps/projector/fixtures/site-history';
import { SiteOnDisk } from '#apps/projector/fixtures/site-on-disk';
import type { RunningProjector } from '#apps/projector/src/running-projector';
import { exitCodeOf } from '../exit-code.js';
import { hostProgram } from '../program.js';
import { askForRebuild } from './ask-for-rebuild.js';

let site: SiteOnDisk;
let running: RunningProjector;
let lines: string[];

beforeAll(async () => {
  site = await SiteOnDisk.make();
  running = await site.start();
  let appended = 0;
  for (const each of new SiteHistory().appends(900)) {
    await append(site.store, ...each);
    appended += each.length;
  }
  await site.reached(appended);
  await mkdir(path.join(site.folder, 'secrets'));
  await writeFile(path.join(site.folder, 'secrets/policy.vkey'), `${site.policyVkey}\n`);
});
afterAll(async () => {
  await running.close();
  await site[Symbol.asyncDispose]();
});
beforeEach(() => {
  lines = [];
});

async function host(...argv: string[]): Promise<void> {
  const env = { DATABASE_URL: site.database.ownerUrl, HOLDFAST_HOME: site.folder };
  const program = await hostProgram('projections', env, (line) => lines.push(line));
  await program.parseAsync(['projections', ...argv], { from: 'user' });
}

async function refusal(...argv: string[]): Promise<{ message: string; exitCode: number }> {
  try {
    await host(...argv);
  } catch (error) {
    return { message: (error as Error).message, exitCode: exitCodeOf(error) };
  }
  throw new Error(`it found nothing: ${lines.join('\n')}`);
}

describe('projections verify', () => {
  it('finds nothing in what the projector wrote, and gives the digests', async () => {
    await host('verify');
    expect(lines).toHaveLength(16);
    for (const line of lines) expect(line).toMatch(/ version [1-9] at position \d+: .*sha256:[0-9a-f]{64}/);
  });

  it('gives the same digests after a rebuild', async () => {
    await host('verify');
    const before = lines.splice(0);
    await host('rebuild');
    expect(lines.at(-1)).toMatch(/^rebuilt audit-trail, .*, policy-document, switched at position \d+$/);
    lines.splice(0);
    await host('verify');
    expect(lines).toEqual(before);
  });

  it.each([
    [
      'an altered row',
      `update read.audit_trail_v1 set reason_text = 'because' where position in (17, 400)`,
      'audit_trail_v1 is not what follows from the events: the row {"position":17} was altered (and 1 more rows)',
    ],
    [
      'a missing row',
      'delete from read.audit_trail_v1 where position = 5',
      'the row {"position":5} is missing.',
    ],
    [
      'an extra row',
      `insert into read.person_roles_v6 values (gen_random_uuid(), 'admin', 3, now(), null, null)`,
      'person_roles_v6 is not what follows from the events: the row {"person":',
    ],
    [
      'a right that somebody gave themself',
      `update read.people_v6 set roles = '{admin}' where login = 'person-3'`,
      'people_v6 is not what follows',
    ],
    [
      'a right that only readers are shown',
      `create or replace view read.people_v6 as select id, login, name, '{admin}'::text[] as roles, status, first_admin, locked_until,
         enrolled_position, enrolled_at, verification, authenticator_app, security_keys, requested_roles, sign_on, sign_on_used_at, reset_position, disabled_position, disabled_at
         from read_live.people_v6`,
      'the rows of people_v6 follow from the events, but the view in schema "read" does not show them as they are',
    ],
    [
      'rows that only readers are not shown',
      `alter table read_live.override_v1 enable row level security, force row level security`,
      'the rows of override_v1 follow from the events',
    ],
    [
      'an altered policy document',
      `update read.policy_document_v1 set document = set_byte(document, 40, 65) where ring = 'pilot'`,
      'policy_document_v1 is not what follows from the events: the row {"ring":"pilot"} was altered',
    ],
    [
      'a note by nobody',
      `update read.policy_document_v1 set note = 'signed' where ring = 'default'`,
      'the row {"ring":"default"} was altered',
    ],
  ])('finds %s, and names the first', async (_what, statement, message) => {
    const [live] = await site.rows<{ slot: string }>(
      `select slot from read.projection_checkpoint where name = 'people'`,
    );
    await site.owner.query(statement.replaceAll('read_live', `read_${live?.slot}`));
    const refused = await refusal('verify');
    expect(refused.message).toContain(message);
    expect(refused.exitCode).toBe(6);
    expect(lines).toHaveLength(16);
    await host('rebuild');
    await host('verify');
  });

  it('gives the same digests however the database shows and orders values', async () => {
    await host('verify');
    const before = lines.splice(0);
    const { rows } = await site.owner.query<{ name: string }>('select current_database() as name');
    const set = (what: string) => site.owner.query(`alter database ${rows[0]?.name} ${what}`);
    await set(`set timezone to 'Asia/Tokyo'`);
    await set(`set datestyle to 'SQL, DMY'`);
    await set(`set bytea_output to 'escape'`);
    await host('verify');
    for (const setting of ['timezone', 'datestyle', 'bytea_output']) await set(`reset ${setting}`);
    expect(lines).toEqual(before);
  });

  it('looks at those that are named alone', async () => {
    await site.owner.query('delete from read.override_v1');
    await host('verify', 'people', 'audit-trail');
    expect(lines).toHaveLength(2);
    expect((await refusal('verify', 'overrides')).exitCode).toBe(6);
    await host('rebuild', 'overrides');
    await host('verify', 'overrides');
  });

  it('goes on at a site that goes on', async () => {
    let stop = false;
    const writing = (async () => {
      for (let i = 0; !stop; i++) await append(site.store, ...noted(i));
    })();
    try {
      for (let i = 0; i < 3; i++) await host('verify');
    } finally {
      stop = true;
      await writing;
    }
    expect(site.lost).toEqual([]);
  });
});

describe('projections rebuild', () => {
  it('refuses a name that no read model has', async () => {
    const refused = await refusal('rebuild', 'people', 'persons');
    expect(refused.message).toBe(
      'there is no read model "persons"; there are audit-trail, people, tokens, watched-snaps, upstream-offers, syncs, access-policy, approved-declarations, change-requests, overrides, nodes, deliveries, installed, comparisons, reviews, policy-document',
    );
    expect(refused.exitCode).toBe(2);
  });

  it('says that nobody is at work, and leaves it for when somebody is', async () => {
    await running.close();
    const asking = askForRebuild(site.database.ownerUrl, ['people'], (line) => lines.push(line), 0);
    await expect(asking).rejects.toMatchObject({ code: 'no-projector' });
    running = await site.start();
    expect(await site.rows(`select state from read.rebuild_request order by id desc limit 1`)).toEqual([
      { state: 'done' },
    ]);
  });
});
