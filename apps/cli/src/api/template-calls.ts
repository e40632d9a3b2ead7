import type { Reason } from '#kernel';
import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import type { Signature } from './control-bodies.js';

/** Standard changes: their templates, and the signature that uses one. */
export class TemplateCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
  ) {}

  list = (ring: string) => this.answer(this.client.call('get', '/v1/templates/{ring}', { path: { ring } }));
  withdraw = (ring: string, name: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/templates/{ring}/{name}/withdraw', {
        path: { ring, name },
        body: { reason },
      }),
    );
  use = (id: string, body: Signature) =>
    this.answer(this.client.call('post', '/v1/change-requests/{id}/use-template', { path: { id }, body }));
}
