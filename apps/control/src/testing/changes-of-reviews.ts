import { PASSWORD, REASON } from '#test/support/control-under-test';
import type { HowItSucceeds } from './every-change.js';
import type { Stage } from './stage.js';

export const CHANGES_OF_REVIEWS: HowItSucceeds = {
  'POST /v1/reviews/access': async (stage) => {
    await stage.projector.catchUp();
    return { url: '/v1/reviews/access', token: stage.token('cyd'), body: { reason: REASON } };
  },
  'POST /v1/reviews/periodic': async (stage) => {
    await stage.projector.catchUp();
    const body = { from: '2026-11-01T00:00:00Z', reason: REASON };
    return { url: '/v1/reviews/periodic', token: stage.token('cyd'), body };
  },
  'POST /v1/reviews/trail': async (stage) => {
    await stage.projector.catchUp();
    return { url: '/v1/reviews/trail', token: stage.token('cyd'), body: { reason: REASON } };
  },
  'POST /v1/reviews/{id}/decisions': async (stage) => {
    const { id, view } = await openReview(stage, 'cyd', 'access', {});
    const line = linesOf(view).findIndex(({ login }) => login !== 'cyd') + 1;
    const body = { decisions: [{ line, decision: 'keep' }], reason: REASON };
    return { url: `/v1/reviews/${id}/decisions`, token: stage.token('cyd'), body };
  },
  'POST /v1/reviews/{id}/findings': async (stage) => {
    const { id } = await openReview(stage, 'cyd', 'periodic', MONTH);
    const body = { kind: 'note', text: 'two emergencies, both ratified', reason: REASON };
    return { url: `/v1/reviews/${id}/findings`, token: stage.token('cyd'), body };
  },
  'POST /v1/reviews/{id}/closed-deviations': async (stage) => {
    const { id } = await openReview(stage, 'cyd', 'periodic', MONTH);
    const deviation = { kind: 'deviation', text: 'approved in four seconds', ticket: 'DEV-31' };
    await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...deviation, reason: REASON });
    const body = { finding: 1, ticket: 'CAPA-12', reason: REASON };
    return { url: `/v1/reviews/${id}/closed-deviations`, token: stage.token('cyd'), body };
  },
  'POST /v1/reviews/{id}/withdraw': async (stage) => {
    const { id } = await openReview(stage, 'cyd', 'periodic', MONTH);
    return { url: `/v1/reviews/${id}/withdraw`, token: stage.token('cyd'), body: { reason: REASON } };
  },
  'POST /v1/reviews/{id}/sign': async (stage) => {
    const { id } = await openReview(stage, 'cyd', 'periodic', MONTH);
    await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...VERIFIED_HISTORY, reason: REASON });
    const recordDigest = await digestToSign(stage, id);
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    return { url: `/v1/reviews/${id}/sign`, token: stage.token('cyd'), body };
  },
};

const MONTH = { from: '2026-11-01T00:00:00Z' };

/** What a periodic review has to say before it is signed. */
export const VERIFIED_HISTORY = {
  kind: 'verifier-result',
  text: 'holdfast verify of the copy of this morning',
  passed: true,
  entries: '10000',
  root: 'ab'.repeat(32),
} as const;

/** Opens one over all that has happened. */
export async function openReview(
  stage: Stage,
  login: string,
  kind: 'access' | 'periodic' | 'trail',
  body: object,
): Promise<{ readonly id: string; readonly view: Readonly<Record<string, unknown>> }> {
  await stage.projector.catchUp();
  const { json } = await stage.post(login, `/v1/reviews/${kind}`, { ...body, reason: REASON });
  const id = String(json['id']);
  return { id, view: await showReview(stage, id) };
}

export async function showReview(stage: Stage, id: string): Promise<Readonly<Record<string, unknown>>> {
  await stage.projector.catchUp();
  const { status, json, text } = await stage.control.ask('GET', `/v1/reviews/${id}`, {
    token: stage.token('cyd'),
  });
  if (status !== 200) throw new Error(text);
  return json;
}

export async function digestToSign(stage: Stage, id: string): Promise<string> {
  return String((await showReview(stage, id))['recordDigest']);
}

interface ShownLine {
  readonly login?: string;
  readonly role?: string | null;
  readonly person?: string;
  readonly of?: string;
  readonly type?: string;
  readonly section?: string;
  readonly about?: string;
  readonly events?: number;
}

export function linesOf(view: Readonly<Record<string, unknown>>): readonly ShownLine[] {
  const record = view['record'] as { readonly content: { readonly lines: readonly ShownLine[] } };
  return record.content.lines;
}
