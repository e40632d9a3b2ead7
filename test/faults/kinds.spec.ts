import { describe, expect, it } from 'vitest';
import { Chance } from './chance.js';
import { KINDS, kindsNamed } from './kinds.js';

describe('kinds of faults', () => {
  it('are found by their name, whom they hit, or when', () => {
    expect(kindsNamed(['worker@seal']).map(({ name }) => name)).toEqual(['worker@seal']);
    expect(kindsNamed(['frozen']).map(({ name }) => name)).toEqual(['frozen@append', 'frozen@download']);
    expect(kindsNamed(['seal', 'worker@seal']).every(({ moment }) => moment === 'seal')).toBe(true);
    expect(kindsNamed([])).toBe(KINDS);
    expect(() => kindsNamed(['nobody'])).toThrow('there is no fault nobody; there are control@append');
  });
});

describe('chance', () => {
  it('is the same for the same seed', () => {
    const draw = (seed: number): unknown[] => {
      const chance = new Chance(seed);
      return [chance.next(), chance.below(1000), chance.shuffled(KINDS.map(({ name }) => name))];
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});
