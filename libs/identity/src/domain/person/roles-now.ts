import type { HeldRole } from '../roles.js';
import { hasSecondComponent } from './second-factor.js';
import type { Person } from './state.js';

/**
 * What somebody may do at this moment: nothing without a password, or when disabled; and who was recovered on the host, nothing without a second
 * component, which they enrol anew.
 */
export function rolesNow(person: Person): readonly HeldRole[] {
  if (person.status !== 'active') return [];
  return person.recovered && !hasSecondComponent(person) ? [] : person.roles;
}
