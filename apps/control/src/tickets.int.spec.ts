import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RING } from '#fleet/published';
import { TicketSystemsFile } from '#release-control/tickets/ticket-systems';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import {
  NEXT_TICKET_SECRET,
  TICKET,
  ticketMessage,
  TICKET_MESSAGES,
  TICKET_SECRET,
} from '#test/support/ticket-system';

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], cyd: ['qa'], olga: ['operator'] });
  await desk.post('olga', '/v1/rings', { name: 'canary' });
});
afterAll(() => desk?.close());

let revision = 0;
const item = () => ({ snap: 'lab-hello', channel: 'stable', revision: ++revision });
const submit = (more: object = {}) => desk.submit('ana', { items: [item()], ticket: TICKET, ...more });
const said = (id: string, more: object = {}) => ({
  changeRequest: id,
  revision: 1,
  ticket: TICKET.id,
  state: 'approved',
  by: 'jane.doe',
  at: desk.control.clock.now(),
  ...more,
});
async function send(message: ReturnType<typeof ticketMessage>, url = TICKET_MESSAGES): Promise<Answer> {
  const answer = await desk.control.ask('POST', url, message);
  await desk.catchUp();
  return answer;
}
const say = (id: string, more: object = {}) => send(ticketMessage(said(id, more), desk.control.clock.now()));
const refusals = async () =>
  (await desk.control.history('ticket-messages')).map(({ data }) => (data as { why: string }).why);

async function askFor(ticket: object | undefined, ring = DEFAULT_RING): Promise<void> {
  const rules = { default: { approvals: 1, roles: { approver: 1 } }, ...(ticket ? { ticket } : {}) };
  const id = await desk.submit('ana', { ring, items: [{ kind: 'approval-policy', rules }], ticket: TICKET });
  await say(id);
  await desk.sign('ben', id);
  expect(await desk.show(id)).toMatchObject({ status: 'effective' });
}

describe('R26: a ring whose changes follow tickets', () => {
  it('asks for no system that nobody answers for', async () => {
    const rules = { default: { approvals: 1 }, ticket: { system: 'nobody' } };
    const asked = await desk.post('ana', '/v1/change-requests', {
      items: [{ kind: 'approval-policy', rules }],
    });
    expect(asked.json).toMatchObject({ status: 409, code: 'no-such-ticket-system' });
    const { json } = await desk.post('ana', '/v1/tokens', {
      name: 'automation',
      standingReason: REASON,
      rings: ['default'],
      password: PASSWORD,
    });
    expect(json).toMatchObject({ token: expect.any(String) as string });
    const byToken = await desk.control.ask('POST', '/v1/token-submissions', {
      token: String(json['token']),
      body: { items: [{ kind: 'approval-policy', rules }] },
    });
    expect(byToken.json).toMatchObject({ status: 409, code: 'no-such-ticket-system' });
  });

  it('has no plan handed in that would come to it without one', async () => {
    await askFor({ system: 'servicedesk' }, 'canary');
    const stages = [{ ring: 'canary', soakHours: 24, verified: true }];
    const refusal = { status: 409, json: { code: 'ticket-required' } };
    const asked = { ring: DEFAULT_RING, items: [item()], stages };
    const id = await desk.submit('ana', { ...asked, submit: false });
    expect(await desk.act('ana', id, 'submit')).toMatchObject(refusal);
    const { items } = asked;
    expect(await desk.act('ana', id, 'revise', { items, submit: true })).toMatchObject(refusal);
    expect(await desk.act('ana', id, 'revise', { items, ticket: TICKET, submit: true })).toMatchObject({
      status: 202,
    });
  });

  it('has one signed for only once its ticket is approved, where it says so', async () => {
    await askFor({ system: 'servicedesk', approved: 'before-signing' });
    const bare = await desk.post('ana', '/v1/change-requests', { items: [item()] });
    expect(bare.json).toMatchObject({ status: 409, code: 'ticket-required' });
    const id = await submit();
    expect(await desk.show(id)).toMatchObject({
      record: { ticket: TICKET },
      missing: [expect.any(String), 'ticket CHG-2042 of servicedesk is to be approved first'],
    });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 409, code: 'ticket-not-approved' });
    expect((await say(id)).json).toMatchObject({ id, status: 'captured' });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({
      status: 'effective',
      signatures: [{ printedName: 'ben of the team' }],
      ticketReports: [{ state: 'approved', by: 'jane.doe', ticket: { id: 'CHG-2042' } }],
    });
  });

  it('has one wait after its approval, where it says so, and take effect by both', async () => {
    await askFor({ system: 'servicedesk', approved: 'before-effect' });
    const id = await submit();
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    const waits = ['ticket CHG-2042 of servicedesk is to be approved before it takes effect'];
    expect(await desk.show(id)).toMatchObject({ status: 'approved', missing: waits });
    await say(id);
    expect(await desk.show(id)).toMatchObject({ status: 'effective', missing: [] });
    const history = await desk.control.history(`change-request/${id}`);
    const idOf = (type: string) => history.find((each) => each.type === type)?.id;
    expect(history.find(({ type }) => type === 'ChangeStarted')?.authorisedBy).toEqual([
      idOf('ChangeApproved'),
      idOf('TicketStateReported'),
    ]);
  });

  it('has one that is rejected there after its approval stopped, and nothing of it in force', async () => {
    const id = await submit();
    await desk.sign('ben', id);
    expect((await say(id, { state: 'rejected' })).json).toMatchObject({ status: 'recalled' });
    const later = Date.parse(desk.control.clock.now()) + 1;
    expect((await say(id, { at: new Date(later).toISOString() })).status).toBe(200);
    const view = await desk.show(id);
    expect(view).toMatchObject({ status: 'recalled' });
    expect((view['history'] as { type: string }[]).map(({ type }) => type)).not.toContain('ChangeStarted');
    await askFor(undefined);
  });
});

describe('R24, R39: a message in the name of a ticket system', () => {
  let id: string;
  beforeAll(async () => {
    id = await submit();
  });
  const now = () => desk.control.clock.now();
  const reports = async () => (await desk.show(id))['ticketReports'];

  it('is taken under both secrets while one is replaced by the other', async () => {
    expect((await send(ticketMessage(said(id), now(), { secret: TICKET_SECRET }))).status).toBe(200);
    expect((await send(ticketMessage(said(id), now(), { secret: NEXT_TICKET_SECRET }))).status).toBe(200);
  });

  it('is refused, recorded once an hour, and leaves the request as it was', async () => {
    const before = await reports();
    const right = ticketMessage(said(id), now());
    const wrong: [string, ReturnType<typeof ticketMessage>, number, string][] = [
      [
        'another secret',
        ticketMessage(said(id), now(), { secret: `whsec_${'A'.repeat(43)}=` }),
        401,
        'ticket-signature-refused',
      ],
      [
        'another body',
        { ...right, body: JSON.stringify(said(id, { state: 'rejected' })) },
        401,
        'ticket-signature-refused',
      ],
      [
        'no signature',
        { ...right, headers: { 'content-type': 'application/json' } },
        401,
        'ticket-signature-refused',
      ],
      ['an old time', ticketMessage(said(id), '2026-11-24T07:54:59.000Z'), 403, 'ticket-message-stale'],
      ['a time to come', ticketMessage(said(id), '2026-11-24T08:05:01.000Z'), 403, 'ticket-message-stale'],
      ['another ticket', ticketMessage(said(id, { ticket: 'CHG-1' }), now()), 404, 'no-such-ticket'],
      ['no request', ticketMessage(said('CR-2026-9999'), now()), 404, 'no-such-ticket'],
      ['another revision', ticketMessage(said(id, { revision: 2 }), now()), 409, 'ticket-revision-differs'],
      [
        'what was before',
        ticketMessage(said(id, { at: '2026-11-24T07:00:00Z' }), now()),
        409,
        'ticket-state-overtaken',
      ],
    ];
    for (const [what, message, status, code] of wrong)
      for (let times = 0; times < 3; times++)
        expect([what, (await send(message)).json]).toEqual([what, expect.objectContaining({ status, code })]);
    const nobody = await send(right, '/v1/ticket-systems/nobody/messages');
    expect(nobody.json).toMatchObject({ status: 401, code: 'ticket-signature-refused' });
    expect(await refusals()).toEqual([
      'wrong-signature',
      'stale',
      'unknown-ticket',
      'other-revision',
      'overtaken',
      'unknown-system',
    ]);
    expect(await reports()).toEqual(before);
  });

  it('counts once, however often it is sent', async () => {
    const message = ticketMessage(said(id), now());
    expect((await send(message)).status).toBe(200);
    const before = await reports();
    expect((await send(message)).json).toMatchObject({ status: 409, code: 'ticket-message-replayed' });
    expect(await reports()).toEqual(before);
    expect((await refusals()).at(-1)).toBe('replayed');
  });

  it.each<[string, object | string]>([
    ['no JSON', '{"changeRequest"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a member more', { more: 1 }],
    ['no state', { state: undefined }],
    ['a state of its own', { state: 'implemented' }],
    ['a revision in words', { revision: '1' }],
    ['no person', { by: '' }],
    ['half a character', { by: '\ud800' }],
    ['a time without a zone', { at: '2026-11-24T08:00:00' }],
    ['a time to come', { at: '2026-11-24T08:05:01Z' }],
    ['a time that is none', { at: '2026-13-24T08:00:00Z' }],
    ['another kind of request', { changeRequest: '../people' }],
  ])('is malformed with %s, signed or not', async (_what, wrong) => {
    const body = typeof wrong === 'string' ? wrong : said(id, wrong);
    expect((await send(ticketMessage(body, now()))).json).toMatchObject({
      status: 400,
      code: 'ticket-message-malformed',
    });
  });

  it('is not read when it is too large', async () => {
    const message = ticketMessage(said(id, { by: 'j'.repeat(17_000) }), now());
    expect((await send(message)).json).toMatchObject({ status: 413, code: 'body-too-large' });
  });
});

describe('the file with the secrets of ticket systems', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ticket-systems-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = () => path.join(folder, 'systems');
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

  it('is read anew, so that a secret that is taken out counts no more', async () => {
    const systems = new TicketSystemsFile(file());
    expect(await systems.secretsOf('desk')).toEqual([]);
    await writeFile(file(), `# the desk\n\n  desk ${secret}\n`);
    expect(await systems.secretsOf('desk')).toEqual([secret]);
    await rm(file());
    expect(await systems.secretsOf('desk')).toEqual([]);
  });

  it.each([
    ['a name in capitals', `Desk ${secret}`, 1],
    ['no secret', 'desk', 1],
    ['a secret of its own form', '# new\ndesk letmein', 2],
    ['a short key', `desk whsec_${Buffer.alloc(23).toString('base64')}`, 1],
    ['three secrets', `desk ${secret}\ndesk ${secret}\ndesk ${secret}`, 3],
    ['a word more', `desk ${secret} old`, 1],
  ])('is refused with %s, by its line, and shows nothing of it', async (_what, text, line) => {
    await writeFile(file(), text);
    const refused = await new TicketSystemsFile(file()).read().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ticket-systems-unreadable' });
    expect(String(refused)).toContain(`line ${line} `);
    expect(String(refused)).not.toMatch(/letmein|AQEB/);
  });
});
