import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedRequest } from '#test/support/captured-request';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { ledgerOfEvents, verifySignatures } from '#test/support/ledger-of-events';

interface Event {
  readonly type: string;
  readonly stream: string;
  readonly data: Record<string, unknown>;
}

let root: string;
let control: ControlUnderTest;
/** Two requests, each approved with login and password. */
let events: readonly Event[];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-copied-'));
  control = await ControlUnderTest.start();
  await control.enrol(await control.admin(), 'ben', ['approver']);
  const token = await control.signIn('ben');
  for (const number of [1, 2]) {
    const { id, recordDigest } = await capturedRequest(control, number);
    const body = { recordDigest, login: 'ben', password: PASSWORD, reason: REASON };
    const answer = await control.ask('POST', `/v1/change-requests/${id}/approve`, { token, body });
    if (answer.status >= 300) throw new Error(answer.text);
  }
  const all: Event[] = [];
  for await (const append of control.adapters.store.readAll(null))
    for (const { bytes } of append.events) all.push(JSON.parse(Buffer.from(bytes).toString()) as Event);
  events = all;
});
afterAll(async () => {
  await control?.stop();
  await rm(root, { recursive: true, force: true });
});

const verified = async (of: readonly Event[], id: string) =>
  verifySignatures(await ledgerOfEvents(root, of), id);
const isOf = (type: string, id: string) => (event: Event) => event.type === type && event.stream.endsWith(id);
function approvalOf(id: string): Event {
  const found = events.find(isOf('ChangeApproved', id));
  if (!found) throw new Error(`${id} was not approved`);
  return found;
}

describe('of a signature without a key, the stand-alone script', () => {
  it('R19: says that it is over its record, and that the rest is the word of the site', async () => {
    const { said, code } = await verified(events, 'CR-2026-0001');
    expect(said).toMatch(
      /^no key {3}CR-2026-0001: approved by ben of the team at .* \(.*password.*\): over this record, and made by Holdfast's word alone$/m,
    );
    // None by a key: whoever made it cannot be checked.
    expect(code).toBe(2);
  });

  it('R19: refuses one that was copied from another record', async () => {
    const copied = { ...approvalOf('0001'), data: approvalOf('0002').data };
    const copy = events.map((event) => (isOf('ChangeApproved', '0001')(event) ? copied : event));
    expect(await verified(copy, 'CR-2026-0001')).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^FAILED {3}CR-2026-0001: approved by ben .*\n *the record is not the one that was signed$/m,
      ) as string,
    });
  });

  it('R19: refuses one whose record was changed after it', async () => {
    const changed = events.map((event) =>
      isOf('ArtefactsCaptured', '0001')(event) ? { ...event, data: { ...event.data, changes: [] } } : event,
    );
    expect(await verified(changed, 'CR-2026-0001')).toMatchObject({ code: 1 });
    expect(await verified(changed, 'CR-2026-0002')).toMatchObject({ code: 2 });
  });
});
