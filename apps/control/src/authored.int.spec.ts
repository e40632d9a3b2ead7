import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD } from '#test/support/control-under-test';
import { ledgerOfEvents, verifySignatures } from '#test/support/ledger-of-events';
import { readWhole } from '#test/support/whole-history';

const HELLO = { snap: 'lab-hello', channel: 'stable', revision: 7 };
const RULES = { default: { approvals: 1, roles: { approver: 1 } }, authored: true };

let desk: ChangeDesk;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-authored-'));
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'] });
  const policy = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules: RULES }] });
  await desk.sign('ben', policy);
});
afterAll(async () => {
  await desk?.close();
  await rm(root, { recursive: true, force: true });
});

async function draft(items: object[] = [HELLO]): Promise<string> {
  return desk.submit('ana', { items, submit: false });
}

async function digestOf(id: string): Promise<string> {
  const { draft: shown } = (await desk.show(id)) as { readonly draft: { readonly digest: string } };
  return shown.digest;
}

async function signed(id: string, given: object = { password: PASSWORD }) {
  return desk.act('ana', id, 'submit-signed', { recordDigest: await digestOf(id), ...given });
}

const signaturesOf = async (id: string) => (await desk.show(id))['signatures'];

describe('R17, R26: a request whose ring asks for the signature of its author', () => {
  it('is not submitted without, and shows it with printed name, time and meaning, beside the approval', async () => {
    const refused = await desk.post('ana', '/v1/change-requests', { items: [HELLO] });
    expect(refused).toMatchObject({ status: 409, json: { code: 'author-signature-required' } });
    const id = await draft();
    expect(await desk.show(id)).toMatchObject({
      status: 'drafted',
      draft: {
        mustSign: true,
        record: { id, ring: 'default', items: [{ name: 'lab-hello', version: '7' }] },
      },
    });
    expect((await desk.act('ana', id, 'submit')).json).toMatchObject({ code: 'author-signature-required' });
    expect((await signed(id, {})).status).toBe(400);
    expect((await signed(id, { password: 'not the right one, and long' })).status).toBe(403);
    expect((await signed(id)).json).toMatchObject({ status: 'submitted' });
    const authored = {
      meaning: 'authored',
      printedName: 'ana of the team',
      policyVersion: 1,
      roles: ['author'],
      components: ['login', 'password'],
      counts: true,
    };
    expect(await desk.show(id)).toMatchObject({
      status: 'captured',
      draft: null,
      signatures: [authored],
      missing: ['1 more signature, 1 with the role approver'],
    });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await signaturesOf(id)).toMatchObject([authored, { meaning: 'approved', counts: true }]);
  });

  it('loses it by a revision, with which it stays in the record, and is signed for anew', async () => {
    const id = await draft([{ ...HELLO, channel: 'beta' }]);
    await signed(id);
    const items = [{ ...HELLO, channel: 'beta', revision: 8 }];
    expect((await desk.act('ana', id, 'revise', { items })).json).toMatchObject({
      code: 'author-signature-required',
    });
    expect((await desk.act('ana', id, 'revise', { items, submit: false })).json).toMatchObject({
      status: 'drafted',
    });
    expect(await desk.show(id)).toMatchObject({
      signatures: [],
      draft: { mustSign: true },
      earlier: [{ revision: 1, signatures: [{ meaning: 'authored' }] }],
    });
    expect((await signed(id)).json).toMatchObject({ status: 'submitted' });
    expect(await signaturesOf(id)).toMatchObject([{ meaning: 'authored', counts: true }]);
  });

  it('R11: is shown as it was handed in once it is withdrawn, also with a file that came later', async () => {
    const id = await draft([{ ...HELLO, channel: 'candidate' }]);
    await signed(id);
    const { record } = await desk.show(id);
    await desk.act('ana', id, 'withdraw');
    const sent = await desk.control.ask(
      'POST',
      `/v1/change-requests/${id}/attachments?name=minutes.txt&mediaType=text/plain&reason=the+minutes+of+the+board&reasonCode=other`,
      {
        token: await desk.control.signIn('ben'),
        body: Buffer.from('it was not needed'),
        headers: { 'content-type': 'application/octet-stream' },
      },
    );
    expect(sent.status).toBeLessThan(300);
    await desk.catchUp();
    expect(await desk.show(id)).toMatchObject({
      status: 'withdrawn',
      record,
      signatures: [{ meaning: 'authored', counts: true }],
      attachments: [{ name: 'minutes.txt', inRecord: false }],
    });
  });

  it('R22: is signed with a security key as well, which the stand-alone script says is good of what the author said', async () => {
    const id = await draft([{ ...HELLO, channel: 'edge' }]);
    const recordDigest = await digestOf(id);
    const key = await desk.enrolKey('ana');
    const given = await desk.withKey(key, 'ana', id, { meaning: 'authored', recordDigest });
    expect((await desk.act('ana', id, 'submit-signed', given)).json).toMatchObject({ status: 'submitted' });
    const good = new RegExp(
      `^good {5}${id}: authored by ana of the team at .* \\(password, security-key\\)`,
      'm',
    );
    const file = path.join(root, 'change.json');
    await writeFile(file, JSON.stringify(await desk.show(id, 'ben')));
    expect(await verifySignatures(file)).toMatchObject({
      code: 0,
      said: expect.stringMatching(good) as string,
    });
    const events = (await readWhole(desk.control.adapters.store)).map(({ bytes }) => {
      return JSON.parse(Buffer.from(bytes).toString()) as { type: string; data: { items?: unknown } };
    });
    const folder = await ledgerOfEvents(root, events);
    expect(await verifySignatures(folder, id)).toMatchObject({
      code: 0,
      said: expect.stringMatching(good) as string,
    });
    for (const event of events) if (event.type === 'ChangeDrafted') event.data.items = [];
    const altered = await verifySignatures(await ledgerOfEvents(root, events), id);
    expect(altered.code).toBe(1);
    expect(altered.said).toContain('the record is not the one that was signed');
  });
});
