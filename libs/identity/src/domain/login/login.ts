import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { IdentityError } from '../errors.js';

export type LoginReserved = DomainEvent<'LoginReserved', { readonly login: string; readonly person: string }>;

export interface ReserveLogin {
  readonly login: string;
  readonly person: string;
  readonly context: CommandContext;
}

/** The person whom the login names, for ever: a login is never freed and never given to somebody else (R20). */
export type Login = { readonly person: string | null };

const LOGIN = /^[a-z][a-z0-9._-]{1,31}$/;

/** One login, one person: the stream is named by the value, so that two cannot be reserved at once. */
export const login: Decider<ReserveLogin, LoginReserved, Login> & {
  readonly versions: { LoginReserved: 1 };
} = {
  initialState: { person: null },
  versions: { LoginReserved: 1 },
  decide({ login: name, person }, state) {
    if (!LOGIN.test(name)) {
      throw new IdentityError(
        'invalid-login',
        'a login has 2 to 32 characters: a small letter, then small letters, digits, ".", "_" or "-"',
      );
    }
    if (state.person === person) return [];
    if (state.person !== null) throw new IdentityError('login-taken', `the login ${name} is taken`);
    return [{ type: 'LoginReserved', data: { login: name, person } }];
  },
  evolve: (_state, event) => ({ person: event.data.person }),
};

export function loginStream(name: string): string {
  return `login/${name}`;
}
