import { IdentityError } from '../errors.js';
import type { Person } from './state.js';

/** @throws IdentityError `person-disabled`, `unknown-person` */
export function requireCurrent<Status extends 'enrolled' | 'active'>(
  state: Person,
  ...statuses: Status[]
): Extract<Person, { status: Status }> {
  if ((statuses as string[]).includes(state.status)) return state as Extract<Person, { status: Status }>;
  switch (state.status) {
    case 'disabled':
      throw new IdentityError('person-disabled', `${state.name} is disabled`);
    case 'unknown':
    case 'enrolled':
    case 'active':
      throw new IdentityError('unknown-person', 'there is no such person, or none with a password');
  }
}
