import type { ApiClient } from '#api-client/client';
import type { Reason } from '#kernel';
import type { Answered } from './answered.js';
import type { OwnCredentials } from './control-bodies.js';
import type { Change, SigningSetting } from './types.js';

/** What control answers about the site's settings. Throws as Control does. */
export class SettingCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
  ) {}

  show = () => this.answer(this.client.call('get', '/v1/settings', {}));
  reveal = (body: { keys: readonly string[]; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/settings/reveal', { body }));
  change = (body: { changes: readonly Change[]; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/settings', { body }));
  confirm = (key: string, value: string | null, body: OwnCredentials) =>
    this.answer(
      this.client.call('post', '/v1/settings/{key}/confirm', {
        path: { key: key as SigningSetting },
        body: { value, ...body },
      }),
    );
}
