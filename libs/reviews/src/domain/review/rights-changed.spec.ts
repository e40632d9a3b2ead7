import { expect, it } from 'vitest';
import { fold } from '#kernel';
import { specify } from '#test/support/decider-specification';
import type { Decision, ReviewEvent } from './events.js';
import { review } from './review.js';
import { ACCESS, ANA, digestOf, opened, signs } from './testing/one-review.js';

const { given } = specify(review);
const ana = { id: 'id-of-ana', name: 'ana' };
const ben = { id: 'id-of-ben', name: 'ben' };
const decisions: readonly Decision[] = [ben, ana, ana, ana, ana].map((by, i) => ({
  line: i + 1,
  decision: 'keep',
  by,
}));
const decided: readonly ReviewEvent[] = [opened(ACCESS), { type: 'RightsDecided', data: { decisions } }];
const command = signs(ANA, ACCESS, digestOf(ACCESS, { decisions }));
const gain = (position: number) => ({ position: String(position), what: 'eve was enrolled' });

it('R28: an access review is not signed while somebody has a right that it does not list, and that says which', () => {
  given(...decided)
    .when({ ...command, gained: [gain(47)] })
    .thenRefused('rights-changed');
  expect(() => review.decide({ ...command, gained: [gain(47)] }, fold(review, decided))).toThrow(
    /^rights have changed since position 41, .*: eve was enrolled \(position 47\)\. Begin anew: "holdfast review withdraw AR-0001"/,
  );
});

it('R28: of many it names ten, and how many more', () => {
  const gained = Array.from({ length: 12 }, (_each, i) => gain(47 + i));
  expect(() => review.decide({ ...command, gained }, fold(review, decided))).toThrow(
    /\(position 56\), and 2 more\. Begin anew/,
  );
});
