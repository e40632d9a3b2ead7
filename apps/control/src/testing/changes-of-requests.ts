import { createHash } from 'node:crypto';
import { PASSWORD, REASON } from '#test/support/control-under-test';
import { TICKET, ticketMessage, TICKET_MESSAGES } from '#test/support/ticket-system';
import type { HowItSucceeds } from './every-change.js';
import type { Stage } from './stage.js';

const OWN = { password: PASSWORD, reason: REASON };
const ITEMS = [{ snap: 'lab-hello', channel: 'latest/stable', revision: 1 }];
const VERIFICATION = { passed: true, lookedAt: 'the three devices of the lab', reason: REASON };

export const CHANGES_OF_REQUESTS: HowItSucceeds = {
  'POST /v1/change-requests': async (stage) => {
    return { url: '/v1/change-requests', token: stage.token('ana'), body: { items: ITEMS, reason: REASON } };
  },
  'POST /v1/change-requests/{id}/submit': async (stage) => {
    const body = { items: ITEMS, submit: false, reason: REASON };
    const { json } = await stage.post('ana', '/v1/change-requests', body);
    return {
      url: `/v1/change-requests/${String(json['id'])}/submit`,
      token: stage.token('ana'),
      body: { reason: REASON },
    };
  },
  'POST /v1/change-requests/{id}/submit-signed': async (stage) => {
    const body = { items: ITEMS, submit: false, reason: REASON };
    const { json } = await stage.post('ana', '/v1/change-requests', body);
    const id = String(json['id']);
    return {
      url: `/v1/change-requests/${id}/submit-signed`,
      token: stage.token('ana'),
      body: { recordDigest: await stage.draftDigest(id), ...OWN },
    };
  },
  'POST /v1/change-requests/{id}/hand-over': async (stage) => {
    const login = await stage.somebody('author');
    const body = { items: ITEMS, submit: false, reason: REASON };
    const { json } = await stage.post(login, '/v1/change-requests', body);
    await stage.post('admin', `/v1/people/${login}/disable`, { reason: REASON });
    return {
      url: `/v1/change-requests/${String(json['id'])}/hand-over`,
      token: stage.token('admin'),
      body: { to: 'ana', reason: REASON },
    };
  },
  'POST /v1/change-requests/{id}/withdraw': async (stage) => {
    const { json } = await stage.post('ana', '/v1/change-requests', { items: ITEMS, reason: REASON });
    return {
      url: `/v1/change-requests/${String(json['id'])}/withdraw`,
      token: stage.token('ana'),
      body: { reason: REASON },
    };
  },
  'POST /v1/change-requests/{id}/revise': async (stage) => {
    const { json } = await stage.post('ana', '/v1/change-requests', { items: ITEMS, reason: REASON });
    const [item] = ITEMS;
    return {
      url: `/v1/change-requests/${String(json['id'])}/revise`,
      token: stage.token('ana'),
      body: { items: [{ ...item, revision: 2 }], reason: REASON },
    };
  },
  'POST /v1/change-requests/{id}/comments': async (stage) => {
    const { json } = await stage.post('ana', '/v1/change-requests', { items: ITEMS, reason: REASON });
    return {
      url: `/v1/change-requests/${String(json['id'])}/comments`,
      token: stage.token('ana'),
      body: { text: 'tested on the bench' },
    };
  },
  'POST /v1/change-requests/{id}/attachments': async (stage) => {
    const { json } = await stage.post('ana', '/v1/change-requests', { items: ITEMS, reason: REASON });
    const body = Buffer.from('it works');
    const said = new URLSearchParams({
      name: 'report.txt',
      sha256: createHash('sha256').update(body).digest('hex'),
      reasonCode: REASON.code,
      reason: REASON.text,
    });
    return {
      url: `/v1/change-requests/${String(json['id'])}/attachments?${said.toString()}`,
      token: stage.token('ana'),
      body,
      headers: { 'content-type': 'application/octet-stream' },
    };
  },
  'POST /v1/change-requests/{id}/review': async (stage) => {
    const { id, recordDigest } = await toReview(stage);
    const url = `/v1/change-requests/${id}/review`;
    return { url, token: stage.token('ben'), body: { recordDigest, ...OWN } };
  },
  'POST /v1/change-requests/{id}/approve': async (stage) => {
    const { id, recordDigest } = await stage.captured();
    return {
      url: `/v1/change-requests/${id}/approve`,
      token: stage.token('ben'),
      body: { recordDigest, ...OWN },
    };
  },
  'POST /v1/change-requests/{id}/reject': async (stage) => {
    const { id, recordDigest } = await stage.captured();
    return {
      url: `/v1/change-requests/${id}/reject`,
      token: stage.token('ben'),
      body: { recordDigest, ...OWN },
    };
  },
  'POST /v1/change-requests/{id}/verify': async (stage) => {
    const url = `/v1/change-requests/${await stage.effective()}/verify`;
    return { url, token: stage.token('olga'), body: VERIFICATION };
  },
  'POST /v1/change-requests/{id}/close': async (stage) => {
    const id = await stage.effective();
    await stage.post('olga', `/v1/change-requests/${id}/verify`, VERIFICATION);
    return {
      url: `/v1/change-requests/${id}/close`,
      token: stage.token('cyd'),
      body: { reason: REASON },
    };
  },
  'POST /v1/change-requests/{id}/recall': async (stage) => {
    const url = `/v1/change-requests/${await stage.approved()}/recall`;
    return { url, token: stage.token('ana'), body: { reason: REASON } };
  },
  'POST /v1/change-requests/{id}/release': async (stage) => {
    const { id, recordDigest } = await stage.emergency();
    const url = `/v1/change-requests/${id}/release`;
    return { url, token: stage.token('fay'), body: { recordDigest, ...OWN } };
  },
  'POST /v1/change-requests/{id}/use-template': async (stage) => {
    const { id, recordDigest } = await stage.standardChange();
    const url = `/v1/change-requests/${id}/use-template`;
    return { url, token: stage.token('fay'), body: { recordDigest, ...OWN } };
  },
  'POST /v1/templates/{ring}/{name}/withdraw': async (stage) => {
    const { name } = await stage.template();
    const url = `/v1/templates/default/${name}/withdraw`;
    return { url, token: stage.token('cyd'), body: { reason: REASON } };
  },
  'POST /v1/change-requests/{id}/ratify': async (stage) => {
    const { id, recordDigest } = await stage.released();
    const url = `/v1/change-requests/${id}/ratify`;
    return { url, token: stage.token('ben'), body: { recordDigest, ...OWN } };
  },
  'POST /v1/change-requests/{id}/refuse-ratification': async (stage) => {
    const { id, recordDigest } = await stage.released();
    const url = `/v1/change-requests/${id}/refuse-ratification`;
    return { url, token: stage.token('ben'), body: { recordDigest, ...OWN } };
  },
  'POST /v1/ticket-systems/{system}/messages': async (stage) => {
    const body = { items: ITEMS, ticket: TICKET, submit: false, reason: REASON };
    const { json } = await stage.post('ana', '/v1/change-requests', body);
    const at = stage.control.clock.now();
    const said = { revision: 1, ticket: TICKET.id, state: 'approved', by: 'jane.doe', at };
    const message = { changeRequest: String(json['id']), ...said };
    return { url: TICKET_MESSAGES, ...ticketMessage(message, at) };
  },
  'POST /v1/rings/{ring}/halt': async (stage) => {
    return { url: '/v1/rings/default/halt', token: stage.token('olga'), body: { reason: REASON } };
  },
  'POST /v1/override-previews': async (stage) => {
    return { url: '/v1/override-previews', token: stage.token('ana'), body: { items: ITEMS } };
  },
  'POST /v1/token-submissions': async (stage) => {
    const { token } = await stage.apiToken();
    return { url: '/v1/token-submissions', token, body: { items: ITEMS } };
  },
  'POST /v2/metadata/overrides': async (stage) => {
    const { token } = await stage.apiToken();
    const body = [{ snap_name: 'lab-hello', revision: 1, channel: 'stable', series: '16' }];
    return { url: '/v2/metadata/overrides', token, body };
  },
};

/** A request of a ring that asks for a review before approvals. */
async function toReview(stage: Stage): Promise<{ readonly id: string; readonly recordDigest: string }> {
  const ring = stage.name('reviewed');
  await stage.post('olga', '/v1/rings', { name: ring, reason: REASON });
  const reviews = { persons: 1, roles: { approver: 1 } };
  const rules = { default: { approvals: 1, roles: { approver: 1 }, reviews } };
  const policy = await stage.asked('ana', { ring, items: [{ kind: 'approval-policy', rules }] });
  const url = `/v1/change-requests/${policy.id}/approve`;
  await stage.post('ben', url, { recordDigest: policy.recordDigest, ...OWN });
  await stage.settle(policy.id);
  return stage.asked('ana', { ring, items: ITEMS });
}
