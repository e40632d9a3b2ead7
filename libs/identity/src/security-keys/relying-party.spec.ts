import { expect, it } from 'vitest';
import { relyingPartyAt } from './relying-party.js';

it.each([
  ['https://holdfast.site.example', 'https://holdfast.site.example', 'holdfast.site.example'],
  ['https://holdfast.site.example:8443/', 'https://holdfast.site.example:8443', 'holdfast.site.example'],
  ['http://localhost:8080', 'http://localhost:8080', 'localhost'],
])('R22: at %s keys answer for the host, to pages of the origin', (url, origin, rpId) => {
  expect(relyingPartyAt(url)).toEqual({ origin, rpId });
});

it.each([
  'http://holdfast.site.example',
  'https://10.20.0.5',
  'https://[2001:db8::5]:8080',
  'http://127.0.0.1:8080',
])('R22: at %s browsers let no key be used', (url) => expect(relyingPartyAt(url)).toBeUndefined());
