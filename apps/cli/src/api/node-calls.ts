import type { Reason } from '#kernel';
import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import { given, type Given } from './given.js';

/** The proxies of the site. Throws as Control does. */
export class NodeCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly fresh: { readonly atLeast?: string },
    private readonly answer: Answered,
  ) {}

  list = (filter: Given<{ limit: number; after: string }>) =>
    this.answer(this.client.call('get', '/v1/nodes', { query: { ...given(filter), ...this.fresh } }));
  invite = (body: { name: string; keyDays?: number; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/nodes', { body }));
  retire = (name: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/nodes/{name}/retire', { path: { name }, body: { reason } }));
}
