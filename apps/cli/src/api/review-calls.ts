import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import type { Signature } from './control-bodies.js';
import { given, type Given } from './given.js';
import type { ReviewBodies } from './review-types.js';
import { wholeList } from './whole-list.js';

/** What control answers about reviews. Throws as Control does. */
export class ReviewCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly fresh: { readonly atLeast?: string },
    private readonly answer: Answered,
  ) {}

  due = () => this.answer(this.client.call('get', '/v1/due-reviews', { query: this.fresh }));
  list = (filter: Given<{ kind: 'access' | 'periodic' | 'trail' }>) =>
    wholeList('reviews', (after) =>
      this.answer(
        this.client.call('get', '/v1/reviews', {
          query: { ...given({ ...filter, after }), limit: 500, ...this.fresh },
        }),
      ),
    );
  show = (id: string) =>
    this.answer(this.client.call('get', '/v1/reviews/{id}', { path: { id }, query: this.fresh }));
  openAccess = (body: ReviewBodies['access']) =>
    this.answer(this.client.call('post', '/v1/reviews/access', { body }));
  openPeriodic = (body: ReviewBodies['periodic']) =>
    this.answer(this.client.call('post', '/v1/reviews/periodic', { body }));
  openTrail = (body: ReviewBodies['trail']) =>
    this.answer(this.client.call('post', '/v1/reviews/trail', { body }));
  decide = (id: string, body: ReviewBodies['decisions']) =>
    this.answer(this.client.call('post', '/v1/reviews/{id}/decisions', { path: { id }, body }));
  find = (id: string, body: ReviewBodies['finding']) =>
    this.answer(this.client.call('post', '/v1/reviews/{id}/findings', { path: { id }, body }));
  deviations = (filter: Given<{ status: 'open' | 'all' }>) =>
    wholeList('deviations', (after) =>
      this.answer(
        this.client.call('get', '/v1/deviations', {
          query: { ...given({ ...filter, after }), limit: 500, ...this.fresh },
        }),
      ),
    );
  closeDeviation = (id: string, body: ReviewBodies['closeDeviation']) =>
    this.answer(this.client.call('post', '/v1/reviews/{id}/closed-deviations', { path: { id }, body }));
  sign = (id: string, body: Signature) =>
    this.answer(this.client.call('post', '/v1/reviews/{id}/sign', { path: { id }, body }));
  withdraw = (id: string, body: ReviewBodies['withdraw']) =>
    this.answer(this.client.call('post', '/v1/reviews/{id}/withdraw', { path: { id }, body }));
}
