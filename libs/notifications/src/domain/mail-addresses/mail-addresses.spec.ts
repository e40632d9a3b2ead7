import { it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { mailAddresses, type MailAddressSet } from './mail-addresses.js';

const { given } = specify(mailAddresses);
const ana = byPerson('ana', ['author']);
const set = {
  type: 'SetMailAddress',
  login: 'ana',
  person: 'id-of-ana',
  address: 'ana@site.example',
  context: ana,
} as const;
const addressSet: MailAddressSet = {
  type: 'MailAddressSet',
  data: { login: 'ana', old: null, new: 'ana@site.example' },
};

it("a person's address is set by the person, or by an operator, once", () => {
  given().when(set).then(addressSet);
  given()
    .when({ ...set, context: byPerson('olga', ['operator']) })
    .then(addressSet);
  given()
    .when({ ...set, context: byPerson('mallory', ['author']) })
    .thenRefused('operator-required');
  given(addressSet).when(set).thenNothing();
  given(addressSet)
    .when({ ...set, address: null })
    .then({ type: 'MailAddressSet', data: { login: 'ana', old: 'ana@site.example', new: null } });
  given()
    .when({ ...set, address: 'ana at site' })
    .thenRefused('wrong-sink');
});
