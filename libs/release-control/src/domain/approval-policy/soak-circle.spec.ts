import { expect, it } from 'vitest';
import { soakCircle } from './soak-circle.js';

const asked = new Map([
  ['production', 'pilot'],
  ['pilot', 'lab'],
  ['east', 'west'],
  ['west', 'east'],
]);

it.each([
  ['lab', 'production', ['lab', 'production', 'pilot', 'lab']],
  ['lab', 'pilot', ['lab', 'pilot', 'lab']],
  ['pilot', 'production', ['pilot', 'production', 'pilot']],
  ['production', 'lab', null],
  ['lab', 'default', null],
  // A circle that others have made holds up this ring, and is not closed by it.
  ['lab', 'east', null],
  ['east', 'west', ['east', 'west', 'east']],
  ['west', 'lab', null],
])('R26: a rule of %s that soaks in %s closes %j', (ring, source, circle) => {
  expect(soakCircle(ring, source, asked)).toEqual(circle);
});
