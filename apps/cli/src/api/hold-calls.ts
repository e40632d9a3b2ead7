import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import { given, type Given } from './given.js';
import type { HoldEvaluation, HoldTerms } from './hold-types.js';

/** What control answers about what is held back. Throws as Control does. */
export class HoldCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly fresh: { readonly atLeast?: string },
    private readonly answer: Answered,
  ) {}

  list = (filter: Given<{ ring: string }>) =>
    this.answer(this.client.call('get', '/v1/holds', { query: { ...given(filter), ...this.fresh } }));
  overdue = () => this.answer(this.client.call('get', '/v1/overdue-holds', {}));
  evaluate = (body: HoldEvaluation) =>
    this.answer(this.client.call('post', '/v1/holds/evaluations', { body }));
  setTerms = (body: HoldTerms) => this.answer(this.client.call('post', '/v1/holds', { body }));
}
