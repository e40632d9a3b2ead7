import { expect, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { admins, isBeingRemoved, type AdminRemovalReserved } from './admins.js';

const { given } = specify(admins);

const reserve = {
  person: 'id-of-Ben',
  personRevision: 4n,
  otherAdmins: 2,
  context: byPerson('Ada', ['admin']),
};
const reserved: AdminRemovalReserved = {
  type: 'AdminRemovalReserved',
  data: { person: 'id-of-Ben', personRevision: '4', otherAdmins: 2 },
};

it('R28: a removal is reserved at the revision of the history of whom it removes, and anew at a later one', () => {
  given().when(reserve).then(reserved);
  given(reserved)
    .when({ ...reserve, personRevision: 9n })
    .then({ ...reserved, data: { ...reserved.data, personRevision: '9' } });
});

it('R28: an admin is being removed until their history goes on', () => {
  const state = admins.evolve(admins.initialState, reserved);
  expect(isBeingRemoved(state, 'id-of-Ben', 4n)).toBe(true);
  expect(isBeingRemoved(state, 'id-of-Ben', 5n)).toBe(false);
  expect(isBeingRemoved(state, 'id-of-Cyd', 4n)).toBe(false);
});
