import { expect, it } from 'vitest';
import { serverAddress } from './server-address.js';

it('only this machine itself is loopback', () => {
  const loopback = (host: string) => serverAddress(`smtp://${host}:587`).loopback;
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) expect(loopback(host)).toBe(true);
  for (const host of ['127.evil.example', '127.0.0.1.evil.example', '[::2]', 'localhost.example'])
    expect(loopback(host)).toBe(false);
  expect(serverAddress('syslog+tls://[2001:db8::1]:6514')).toMatchObject({ host: '2001:db8::1', port: 6514 });
});
