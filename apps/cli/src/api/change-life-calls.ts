import type { ApiClient } from '#api-client/client';
import type { Reason } from '#kernel';
import type { Signature, Submission } from './control-bodies.js';
import type { ChangeOutcome, Item } from './types.js';

type Answered = (asked: Promise<unknown>) => Promise<ChangeOutcome>;

/** What is done with a change request beside deciding on it. Throws as Control does. */
export class ChangeLifeCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
    private readonly whole: <Answer>(asked: Promise<Answer>) => Promise<Answer>,
  ) {}

  revise = (id: string, body: Submission & { items: readonly Item[] }) =>
    this.answer(this.client.call('post', '/v1/change-requests/{id}/revise', { path: { id }, body }));

  /** With its author's signature. */
  submitSigned = (id: string, body: Signature) =>
    this.answer(this.client.call('post', '/v1/change-requests/{id}/submit-signed', { path: { id }, body }));

  comment = (id: string, text: string) =>
    this.answer(
      this.client.call('post', '/v1/change-requests/{id}/comments', { path: { id }, body: { text } }),
    );

  recall = (id: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/change-requests/{id}/recall', { path: { id }, body: { reason } }),
    );

  /** What the delivery records say of what a change set, before somebody verifies it. */
  figures = (id: string, ring?: string) => {
    const at = { path: { id }, query: ring === undefined ? {} : { ring } };
    return this.whole(this.client.call('get', '/v1/change-requests/{id}/figures', at));
  };

  verify = (id: string, body: { passed: boolean; lookedAt: string; ring?: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/change-requests/{id}/verify', { path: { id }, body }));

  close = (id: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/change-requests/{id}/close', { path: { id }, body: { reason } }),
    );
}
