import type { Reason } from '#kernel';
import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import { given, type Given } from './given.js';

/** What upstream has, and which snaps are looked at there. Throws as Control does. */
export class CatalogCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly fresh: { readonly atLeast?: string },
    private readonly answer: Answered,
  ) {}

  candidates = (filter: Given<{ ring: string; snap: string; limit: number; after: string }>) =>
    this.answer(this.client.call('get', '/v1/candidates', { query: { ...given(filter), ...this.fresh } }));
  watched = (filter: Given<{ limit: number; after: string }>) =>
    this.answer(this.client.call('get', '/v1/watched-snaps', { query: { ...given(filter), ...this.fresh } }));
  watch = (snap: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/watched-snaps', { body: { snap, reason } }));
  unwatch = (snap: string, reason: Reason) =>
    this.answer(this.client.call('delete', '/v1/watched-snaps/{snap}', { path: { snap }, body: { reason } }));
  requestSync = (body: { snaps?: readonly string[]; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/syncs', { body }));
  /** @param atLeast the cursor that it was asked for with */
  sync = (id: string, atLeast?: string) =>
    this.answer(
      this.client.call('get', '/v1/syncs/{id}', {
        path: { id },
        query: { ...this.fresh, ...given({ atLeast }) },
      }),
    );
}
