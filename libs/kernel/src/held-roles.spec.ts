import { expect, it } from 'vitest';
import { heldRoleParts, rolesAnywhere, rolesIn } from './held-roles.js';

const roles = ['author', 'author@pilot', 'approver@pilot', 'operator@pilot-2'];

it('R28: a role of one ring holds in that one, and in no other', () => {
  expect(rolesIn(roles, 'pilot')).toEqual(['author', 'approver']);
  expect(rolesIn(roles, 'pilot-2')).toEqual(['author', 'operator']);
  expect(rolesIn(roles, 'production')).toEqual(['author']);
});

it('is not found by who looks for its name alone', () => expect(roles).not.toContain('approver'));

it('is one in some ring', () => expect(rolesAnywhere(roles)).toEqual(['author', 'approver', 'operator']));

it('is the name, and the ring where it is of one', () => {
  expect(heldRoleParts('qa')).toEqual({ role: 'qa', ring: null });
  expect(heldRoleParts('qa@a')).toEqual({ role: 'qa', ring: 'a' });
  expect(heldRoleParts('qa@')).toEqual({ role: 'qa', ring: '' });
});
