import type { Reason } from '#kernel';
import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import { given, type Given } from './given.js';

/** Which devices are in which ring, and the lists of devices. */
export class MemberCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
  ) {}

  list = (ring?: string) => this.answer(this.client.call('get', '/v1/members', { query: given({ ring }) }));
  /** How many devices are in each ring, by which rule. */
  counts = () => this.answer(this.client.call('get', '/v1/rings/devices', {}));
  explain = (asked: Given<{ address: string; host: string }> & { device: string }) => {
    const { device, ...from } = asked;
    return this.answer(this.client.call('get', '/v1/members/explain', { query: { device, ...given(from) } }));
  };
  importList = (list: string, body: { devices: readonly string[]; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/device-lists/{list}', { path: { list }, body }));
  listed = (list: string, version?: number) =>
    this.answer(
      this.client.call('get', '/v1/device-lists/{list}', { path: { list }, query: given({ version }) }),
    );
}
