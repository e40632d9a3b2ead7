import { describe, expect, it } from 'vitest';
import { isFresh, isSigned, webhookSignature } from './standard-webhooks.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const head = { id: 'msg_1', seconds: '1795681694' };
const body = Buffer.from('{"test": 2432232314}');

describe('a message of Standard Webhooks', () => {
  it('is signed as the specification has its example', () => {
    // The vector of the reference libraries: github.com/standard-webhooks/standard-webhooks, libraries/javascript.
    const vector = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: '1614265330' };
    expect(webhookSignature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', vector, body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('is taken under any of the secrets, with any of its signatures', () => {
    const [one, two] = [webhookSignature(secret, head, body), webhookSignature(other, head, body)];
    expect(isSigned([secret], { ...head, signature: one }, body)).toBe(true);
    expect(isSigned([other, secret], { ...head, signature: one }, body)).toBe(true);
    expect(isSigned([secret], { ...head, signature: `${two} ${one}` }, body)).toBe(true);
  });

  it.each([
    ['another secret', { signature: webhookSignature(other, head, body) }],
    ['another id', { id: 'msg_2', signature: webhookSignature(secret, head, body) }],
    ['another time', { seconds: '1795681695', signature: webhookSignature(secret, head, body) }],
    ['no version', { signature: webhookSignature(secret, head, body).slice(3) }],
    ['nothing', { signature: '' }],
  ])('is not taken with %s', (_what, given) => {
    expect(isSigned([secret], { ...head, ...given }, body)).toBe(false);
    expect(isSigned([], { ...head, ...given }, body)).toBe(false);
  });

  it('is not taken when a byte of its body is another', () => {
    const signature = webhookSignature(secret, head, body);
    expect(isSigned([secret], { ...head, signature }, Buffer.from('{"test": 2432232315}'))).toBe(false);
  });

  it('is fresh for five minutes, by either clock', () => {
    const now = new Date(1_795_681_694_000).toISOString();
    for (const [seconds, fresh] of [
      ['1795681694', true],
      ['1795681394', true],
      ['1795681994', true],
      ['1795681393', false],
      ['1795681995', false],
      ['soon', false],
      ['', false],
    ] as const)
      expect(isFresh({ seconds }, now)).toBe(fresh);
  });
});
