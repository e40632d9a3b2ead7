import { it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { securityKey, type SecurityKeyEvent } from './security-key.js';

const { given } = specify(securityKey);

const credential = 'a'.repeat(64);
const claim = (person: string) => ({ credential, person, context: byPerson(person, []) });
const claimed: SecurityKeyEvent = { type: 'SecurityKeyClaimed', data: { credential, person: 'ben' } };
const contested: SecurityKeyEvent = {
  type: 'SecurityKeyClaimContested',
  data: { credential, person: 'eva', holder: 'ben' },
};

it('R20: a security key is one person’s, who may claim it again', () => {
  given().when(claim('ben')).then(claimed);
  given(claimed).when(claim('ben')).thenNothing();
});
it('R20: a security key that somebody else claims stays whose it is, and that is recorded once', () => {
  given(claimed).when(claim('eva')).then(contested);
  given(claimed, contested).when(claim('eva')).thenNothing();
  given(claimed, contested).when(claim('ben')).thenNothing();
});
