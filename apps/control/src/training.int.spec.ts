import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later } from '#kernel';
import { ChangeDesk } from '#test/support/change-desk';
import type { Answer } from '#test/support/control-under-test';

let desk: ChangeDesk;

/** A site that is being set up, where training is recorded before it is asked for. */
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], cyd: ['qa'], dan: ['approver'] });
});
afterAll(() => desk.close());

const DAY_MS = 86_400_000;
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const detail = ({ json }: Answer) => String(json['detail']);
const inDays = (days: number) => later(desk.control.clock.now(), days * DAY_MS);
const record = (by: string, login: string, role: string, until: string) => {
  const said = { role, document: 'SOP-7', version: '3', until };
  return desk.post(by, `/v1/people/${login}/training`, said);
};
const grant = (login: string, role: string) => desk.post('admin', `/v1/people/${login}/roles`, { role });
const submit = (revision: number) =>
  desk.submit('ana', { items: [{ snap: 'lab-hello', channel: 'stable', revision }] });

describe('R35: where the site asks for training', () => {
  let request: string;

  it('a record says which role, document and version, and until when, and is not one’s own', async () => {
    const until = inDays(30);
    expect(outcome(await record('admin', 'ben', 'approver', until))).toBe(200);
    expect(outcome(await record('cyd', 'cyd', 'qa', until))).toBe('own-rights');
    expect(outcome(await record('ana', 'cyd', 'qa', until))).toBe('not-an-admin');
    expect(outcome(await record('admin', 'ben', 'author', until))).toBe('invalid-request');
    expect(outcome(await record('admin', 'ben', 'qa', inDays(-1)))).toBe('invalid-training');
    expect(outcome(await record('admin', 'nobody', 'qa', until))).toBe('unknown-person');
    const shown = await desk.get('ana', '/v1/people/ben/training');
    const training = [{ role: 'approver', document: 'SOP-7', version: '3', until, current: true }];
    expect(shown.json).toEqual({ training });
  });

  it('nobody is looked at before it does', async () => {
    request = await submit(1);
    expect(outcome(await desk.sign('dan', request))).toBe(200);
    const setting = { changes: [{ key: 'training', value: 'required' }] };
    expect(outcome(await desk.post('admin', '/v1/settings', setting))).toBe(200);
  });

  it('who is not trained signs nothing, and is told why', async () => {
    request = await submit(2);
    const refused = await desk.sign('dan', request);
    expect(outcome(refused)).toBe('not-trained');
    expect(detail(refused)).toContain('no record that dan of the team is trained for the role approver');
    expect(detail(refused)).toContain('holdfast people trained dan approver');
    expect(outcome(await desk.sign('dan', request, 'reject'))).toBe('not-trained');
    expect(outcome(await desk.sign('ana', request))).toBe('not-an-approver');
    expect((await desk.show(request))['status']).toBe('captured');
  });

  it('who is trained signs, until the end of it', async () => {
    expect(outcome(await desk.sign('ben', request))).toBe(200);
    request = await submit(3);
    await desk.at(inDays(31));
    const late = await desk.sign('ben', request);
    expect(outcome(late)).toBe('not-trained');
    expect(detail(late)).toContain('SOP-7 version 3, was current until');
    expect(outcome(await record('cyd', 'ben', 'approver', inDays(30)))).toBe(200);
    expect(outcome(await desk.sign('ben', request))).toBe(200);
  });

  it('a role that signs is given to who is trained for it, and to nobody else', async () => {
    const refused = await grant('ana', 'approver');
    expect(outcome(refused)).toBe('not-trained');
    expect(detail(refused)).toContain('ana of the team');
    const enrolled = { login: 'eve', name: 'Eve', roles: ['qa'], verifiedBy: 'badge 9 seen by A. Meier' };
    expect(outcome(await desk.post('admin', '/v1/people', enrolled))).toBe('not-trained');
    expect(outcome(await grant('ana', 'operator'))).toBe(200);
    expect(outcome(await record('cyd', 'ana', 'approver', inDays(30)))).toBe(200);
    expect(outcome(await grant('ana', 'approver'))).toBe(200);
  });

  it('so it is once a second person confirms, and not when the first one asks', async () => {
    await desk.control.enrol(await desk.control.signIn('admin'), 'second', ['admin']);
    expect(outcome(await desk.post('admin', '/v1/commissioning/close', {}))).toBe(200);
    await desk.post('admin', '/v1/people', {
      login: 'fay',
      name: 'Fay',
      roles: ['approver'],
      verifiedBy: 'badge 10 seen by A. Meier',
    });
    const own = { password: 'correct horse battery staple' };
    expect(outcome(await desk.post('second', '/v1/people/fay/reset/confirm', own))).toBe(200);
    const confirm = () => desk.post('second', '/v1/people/fay/roles/approver/confirm', own);
    expect(outcome(await confirm())).toBe('not-trained');
    expect(outcome(await record('cyd', 'fay', 'approver', inDays(30)))).toBe(200);
    expect(outcome(await confirm())).toBe(200);
  });
});
