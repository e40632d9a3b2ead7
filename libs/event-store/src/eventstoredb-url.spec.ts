import { expect, it } from 'vitest';
import { parseEventStoreDbUrl } from './eventstoredb-url.js';

it.each([
  [
    'esdb://admin:change%3Ait@db:2113',
    { tls: true, credentials: { username: 'admin', password: 'change:it' } },
  ],
  ['esdb+discover://a:b@db', { tls: true, credentials: { username: 'a', password: 'b' } }],
  [
    'esdb://a:b@one:2113,two:2113?tlsCAFile=/ca.pem',
    { tls: true, credentials: { username: 'a', password: 'b' } },
  ],
  ['esdb://127.0.0.1:2113?tls=false', { tls: false, credentials: null }],
  ['esdb://127.0.0.1:2113/?TLS=FALSE', { tls: false, credentials: null }],
])('reads %s', (url, expected) => {
  expect(parseEventStoreDbUrl(url)).toEqual(expected);
});

it.each([
  ['postgres://a:b@db', /must look like/],
  ['esdb://', /must look like/],
  ['', /must look like/],
  ['esdb://db:2113', /user and password/],
  ['esdb://a:b@db?throwOnAppendFailure=false', /throwOnAppendFailure/],
  ['esdb://a:100%@db', /%25/],
])('refuses %j, and never repeats it', (url, sentence) => {
  expect(() => parseEventStoreDbUrl(url)).toThrow(sentence);
});
