import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { login, type LoginReserved } from './login.js';

const { given } = specify(login);
const context = byPerson('Ada', ['admin']);
const reserved: LoginReserved = { type: 'LoginReserved', data: { login: 'ben', person: 'person-1' } };

describe('R20: a login', () => {
  it('is reserved for one person', () =>
    given().when({ login: 'ben', person: 'person-1', context }).then(reserved));
  it('stays with that person', () =>
    given(reserved).when({ login: 'ben', person: 'person-1', context }).thenNothing());
  it('is never given to another', () =>
    given(reserved).when({ login: 'ben', person: 'person-2', context }).thenRefused('login-taken'));
  it.each(['', 'b', 'Ben', '1ben', 'ben/x', 'ben ', 'b'.repeat(33)])('is not %j', (name) =>
    given().when({ login: name, person: 'person-1', context }).thenRefused('invalid-login'),
  );
});
