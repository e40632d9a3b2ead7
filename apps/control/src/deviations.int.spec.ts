import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { later } from '#kernel';
import { Deviations } from '#reviews/reactors/look-at-deviations';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import {
  digestToSign,
  linesOf,
  openReview,
  showReview,
  VERIFIED_HISTORY,
} from './testing/changes-of-reviews.js';
import { Stage } from './testing/stage.js';

const DAY_MS = 86_400_000;
const DEVIATION = { kind: 'deviation', text: 'approved in four seconds', ticket: 'DEV-31', position: '7' };
const CAPA = { finding: 2, ticket: 'CAPA-12', reason: REASON };

let stage: Stage;
let watch: Deviations;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  const { streams, store, clock } = stage.control.adapters;
  watch = new Deviations(streams, store, clock);
});
afterAll(() => stage.end());

const ask = (login: string, method: 'GET' | 'POST', url: string, body?: object) =>
  stage.control.ask(method, url, { token: stage.token(login), ...(body === undefined ? {} : { body }) });
/** Sessions end meanwhile. */
async function pass(days: number): Promise<void> {
  stage.control.clock.set(later(stage.control.clock.now(), days * DAY_MS));
  for (const login of ['cyd', 'olga']) stage.sessions.set(login, await stage.control.signIn(login));
}
const listed = async (query = '') => {
  await stage.projector.catchUp();
  return (await ask('cyd', 'GET', `/v1/deviations${query}`)).json['deviations'];
};
const events = async (id: string) => (await stage.control.history(`review/${id}`)).map(({ type }) => type);
/** A periodic review, signed. @returns its lines of open deviations */
async function reviewed(findings: readonly object[], body: object = {}) {
  const { id, view } = await openReview(stage, 'cyd', 'periodic', body);
  for (const each of [...findings, VERIFIED_HISTORY])
    await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...each, reason: REASON });
  const recordDigest = await digestToSign(stage, id);
  await stage.post('cyd', `/v1/reviews/${id}/sign`, { recordDigest, password: PASSWORD, reason: REASON });
  return { id, deviations: linesOf(view).filter(({ section }) => section === 'deviations') };
}

describe('R16: what a review finds', () => {
  it('becomes a deviation with its record elsewhere, is escalated when nobody closes it, and closed with a CAPA', async () => {
    const due = later(stage.control.clock.now(), 2 * DAY_MS);
    const note = { kind: 'note', text: 'two halts, both explained' };
    const { id } = await reviewed([note, { ...DEVIATION, due }], { from: '2026-11-01T00:00:00Z' });
    const found = {
      review: id,
      finding: 2,
      ticket: 'DEV-31',
      position: '7',
      due,
      foundBy: 'cyd of the team',
    };
    expect(await listed()).toMatchObject([{ ...found, overdue: false, escalated: false, closed: null }]);
    expect(await watch.look()).toBe(0);

    await pass(2);
    expect([await watch.look(), await watch.look()]).toEqual([1, 1]);
    const escalations = (await stage.control.history(`review/${id}`)).filter(
      ({ type }) => type === 'DeviationEscalated',
    );
    expect(escalations).toMatchObject([
      { data: { finding: 2, due }, actor: { kind: 'service', id: 'worker', for: `review/${id}` } },
    ]);
    expect(await listed()).toMatchObject([{ ...found, overdue: true, escalated: true, closed: null }]);

    const before = await showReview(stage, id);
    expect(await ask('cyd', 'POST', `/v1/reviews/${id}/closed-deviations`, CAPA)).toMatchObject({
      status: 200,
      json: { id, status: 'completed' },
    });
    const closed = { by: { name: 'cyd of the team' }, ticket: 'CAPA-12' };
    expect((await stage.control.history(`review/${id}`)).at(-1)).toMatchObject({
      type: 'DeviationClosed',
      data: { finding: 2, ...closed },
      reason: REASON,
      actor: { kind: 'person', name: 'cyd of the team' },
    });
    expect(await listed()).toEqual([]);
    expect(await listed('?status=all')).toMatchObject([{ ...found, overdue: false, closed }]);
    expect(await watch.look()).toBe(0);

    const after = await showReview(stage, id);
    expect(after['record']).toEqual(before['record']);
    expect(after).toMatchObject({ signatures: [{ counts: true }], deviations: [{ finding: 2, closed }] });
  });

  it('R36: is listed by each later periodic review while it is open at the end of its period, and not once it is closed', async () => {
    await pass(1);
    const found = await reviewed([DEVIATION]);
    expect(found.deviations).toEqual([]);
    await pass(1);
    const line = {
      type: 'FindingRecorded',
      about: `review/${found.id}`,
      text: expect.stringMatching(/^deviation 1; kind deviation; ticket DEV-31; due /) as string,
    };
    expect((await reviewed([])).deviations).toMatchObject([line]);
    await pass(1);
    expect((await reviewed([])).deviations).toMatchObject([line]);
    await pass(1);
    const to = stage.control.clock.now();
    await pass(1);
    await stage.post('cyd', `/v1/reviews/${found.id}/closed-deviations`, { ...CAPA, finding: 1 });
    await pass(1);
    // What was closed after the end of the period was open in it.
    expect((await reviewed([], { to })).deviations).toMatchObject([line]);
    await pass(1);
    expect((await reviewed([])).deviations).toEqual([]);
  });

  it('stays a deviation where its review is withdrawn', async () => {
    await pass(1);
    const { id } = await openReview(stage, 'cyd', 'periodic', {});
    await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...DEVIATION, reason: REASON });
    await stage.post('cyd', `/v1/reviews/${id}/withdraw`, { reason: REASON });
    expect(await listed()).toMatchObject([{ review: id, finding: 1 }]);
    await pass(29);
    expect(await watch.look()).toBe(0);
    await pass(1);
    expect(await watch.look()).toBe(1);
    await stage.post('cyd', `/v1/reviews/${id}/closed-deviations`, { ...CAPA, finding: 1 });
  });

  it('is escalated also where another review cannot be written to, which is said', async () => {
    const due = later(stage.control.clock.now(), DAY_MS);
    const ids: string[] = [];
    for (let n = 0; n < 2; n++) {
      const { id } = await openReview(stage, 'cyd', 'periodic', {});
      ids.push(id);
      await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...DEVIATION, due, reason: REASON });
      await stage.post('cyd', `/v1/reviews/${id}/withdraw`, { reason: REASON });
    }
    const [older = '', newer = ''] = ids;
    await pass(1);
    const { streams } = stage.control.adapters;
    const append = streams.decideAndAppend.bind(streams);
    const away = vi.spyOn(streams, 'decideAndAppend').mockImplementation((kind, stream, command) => {
      if (stream === `review/${newer}`) throw new Error('the store is away');
      return append(kind, stream, command);
    });
    await expect(watch.look()).rejects.toThrow(AggregateError);
    away.mockRestore();
    expect((await events(older)).at(-1)).toBe('DeviationEscalated');
    expect((await events(newer)).at(-1)).not.toBe('DeviationEscalated');
    expect(await watch.look()).toBe(2);
    expect((await events(newer)).at(-1)).toBe('DeviationEscalated');
    for (const id of ids)
      await stage.post('cyd', `/v1/reviews/${id}/closed-deviations`, { ...CAPA, finding: 1 });
  });

  it('is closed by QA, once, with a record elsewhere, and is a deviation', async () => {
    const { id } = await openReview(stage, 'cyd', 'periodic', {});
    for (const finding of [DEVIATION, { kind: 'note', text: 'nothing else' }])
      await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...finding, reason: REASON });
    const before = await events(id);
    const close = (login: string, body: object) =>
      ask(login, 'POST', `/v1/reviews/${id}/closed-deviations`, { ...CAPA, finding: 1, ...body });
    expect((await close('olga', {})).json).toMatchObject({ status: 403, code: 'not-a-reviewer' });
    expect((await close('cyd', { ticket: undefined })).json).toMatchObject({ status: 400 });
    expect((await close('cyd', { ticket: '' })).json).toMatchObject({ status: 400 });
    expect((await close('cyd', { finding: 0 })).json).toMatchObject({ status: 400 });
    expect((await close('cyd', { finding: 2 })).json).toMatchObject({
      status: 404,
      code: 'no-such-deviation',
    });
    const late = { ...DEVIATION, due: '2030-01-01T00:00:00Z', reason: REASON };
    const findings = `/v1/reviews/${id}/findings`;
    expect((await ask('cyd', 'POST', findings, late)).json).toMatchObject({
      status: 400,
      code: 'invalid-due',
    });
    const noted = { kind: 'note', text: 'x', due: later(stage.control.clock.now(), DAY_MS), reason: REASON };
    expect((await ask('cyd', 'POST', findings, noted)).json).toMatchObject({ code: 'invalid-due' });
    expect(await events(id)).toEqual(before);
    expect((await close('cyd', {})).status).toBe(200);
    expect((await close('cyd', {})).json).toMatchObject({ status: 409, code: 'deviation-closed' });
    const missing = await ask('cyd', 'POST', '/v1/reviews/PR-0999/closed-deviations', CAPA);
    expect(missing.json).toMatchObject({ status: 404, code: 'no-such-review' });
  });

  it('is listed by the page', async () => {
    const first = (await ask('cyd', 'GET', '/v1/deviations?status=all&limit=1')).json;
    expect(first['deviations']).toHaveLength(1);
    const next = encodeURIComponent(String(first['next']));
    const rest = await listed(`?status=all&after=${next}`);
    const all = await listed('?status=all');
    expect([...(first['deviations'] as object[]), ...(rest as object[])]).toEqual(all);
    expect((await ask('cyd', 'GET', '/v1/deviations?after=x')).status).toBe(400);
    expect((await ask('cyd', 'GET', '/v1/deviations?status=closed')).status).toBe(400);
  });
});
