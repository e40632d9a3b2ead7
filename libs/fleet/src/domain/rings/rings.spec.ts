import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { rings, type RingCreated } from './rings.js';

const { given } = specify(rings);
const operator = byPerson('Olga', ['operator']);
const create = (ring: string, before?: string, context = operator) =>
  ({ type: 'CreateRing', ring, before, context }) as const;
const created = (ring: string, ...order: readonly string[]): RingCreated => ({
  type: 'RingCreated',
  data: { ring, order },
});

describe('the rings of a site', () => {
  it('are the default one, and those that were created, in the order that releases take', () => {
    const production = created('production', 'default', 'production');
    given().when(create('production')).then(production);
    given(production)
      .when(create('pilot', 'production'))
      .then(created('pilot', 'default', 'pilot', 'production'));
  });

  it('are created by an operator, once each, before one that there is, under a name that a file can have', () => {
    given()
      .when(create('pilot', undefined, byPerson('Anna', ['author'])))
      .thenRefused('operator-required');
    given().when(create('../pilot')).thenRefused('invalid-ring-name');
    given().when(create('default')).thenRefused('ring-exists');
    given().when(create('pilot', 'production')).thenRefused('no-such-ring');
  });

  it('are a hundred at most', () => {
    const many = Array.from({ length: 100 }, (_, n) => `ring-${n}`);
    given(created('ring-99', ...many))
      .when(create('one-more'))
      .thenRefused('too-many-rings');
  });
});
