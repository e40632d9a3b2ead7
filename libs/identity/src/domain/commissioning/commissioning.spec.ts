import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { commissioning, type CloseCommissioning } from './commissioning.js';

const { given } = specify(commissioning);
const rules = {
  secondComponent: 'optional',
  signingPauseMinutes: 15,
  passwordDays: 0,
  training: 'optional',
} as const;
const close: CloseCommissioning = {
  type: 'CloseCommissioning',
  admins: 2,
  rules,
  context: byPerson('Ada', ['admin']),
};

describe('commissioning', () => {
  it('R22: is closed by an admin, and says what the site asks of those who sign', () =>
    given({ type: 'SiteFounded', data: { origin: 'site.example' } })
      .when(close)
      .then({ type: 'CommissioningClosed', data: { rules } }));
  it('stays open while one forgotten password could leave nobody to administer', () =>
    given()
      .when({ ...close, admins: 1 })
      .thenRefused('too-few-admins'));
  it('is closed once, also where an older release did', () =>
    given({ type: 'CommissioningClosed', data: {} }).when(close).thenRefused('commissioning-already-closed'));
  it('is closed by nobody else', () =>
    given()
      .when({ ...close, context: byPerson('Ana', ['author']) })
      .thenRefused('not-an-admin'));
});
