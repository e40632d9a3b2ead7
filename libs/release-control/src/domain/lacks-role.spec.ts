import { expect, it } from 'vitest';
import { lacksRole } from './lacks-role.js';

it.each([
  [['author'], 'Ana does not have the role approver or qa in the ring pilot'],
  [['approver@production'], 'Ana does not have the role approver or qa in the ring pilot'],
  [['admin'], 'Ana is an admin, who gives out rights and decides nothing'],
])('says of who holds %j what is missing', (roles, why) => {
  expect(lacksRole({ name: 'Ana', roles }, ['approver', 'qa'], 'pilot')).toBe(why);
});
