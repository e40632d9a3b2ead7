import type { ApiClient } from '#api-client/client';
import type { Reason } from '#kernel';
import type { Answered } from './answered.js';
import { given, type Given } from './given.js';
import type { NewSink, SinkChange } from './types.js';

/** What control answers about sinks. Throws as Control does. */
export class SinkCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
  ) {}

  list = () => this.answer(this.client.call('get', '/v1/sinks', {}));
  add = (body: NewSink) => this.answer(this.client.call('post', '/v1/sinks', { body }));
  change = (name: string, body: SinkChange) =>
    this.answer(this.client.call('post', '/v1/sinks/{name}', { path: { name }, body }));
  pause = (name: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/sinks/{name}/pause', { path: { name }, body: { reason } }));
  resume = (name: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/sinks/{name}/resume', { path: { name }, body: { reason } }));
  remove = (name: string, reason: Reason) =>
    this.answer(this.client.call('delete', '/v1/sinks/{name}', { path: { name }, body: { reason } }));
  replay = (name: string, body: { from: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/sinks/{name}/replay', { path: { name }, body }));
  addresses = () => this.answer(this.client.call('get', '/v1/mail-addresses', {}));
  setAddress = (body: { login: string; address: string | null; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/mail-addresses', { body }));
  deadLetters = (name: string, filter: Given<{ limit: number; after: string }>) =>
    this.answer(
      this.client.call('get', '/v1/sinks/{name}/dead-letters', { path: { name }, query: given(filter) }),
    );
}
