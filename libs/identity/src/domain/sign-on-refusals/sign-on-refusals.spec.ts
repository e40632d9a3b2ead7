import { it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { signOnRefusals, type SignOnFault, type SingleSignOnRefused } from './sign-on-refusals.js';

const { given } = specify(signOnRefusals);

const issuer = 'https://login.example';
const context = byPerson('nobody', []);
const after = (minutes: number) => new Date(Date.parse(context.at) + minutes * 60_000).toISOString();
const refuse = (fault: SignOnFault, identity: string | null = null, minutes = 0) => {
  return { fault, issuer, detail: 'why', identity, context: { ...context, at: after(minutes) } };
};
const refused = (fault: SignOnFault, identity?: string, minutes = 0): SingleSignOnRefused => ({
  type: 'SingleSignOnRefused',
  data: { fault, issuer, detail: 'why', ...(identity !== undefined && { identity }), at: after(minutes) },
});

it('R24: an answer that does not count is on record at once', () => {
  given().when(refuse('answer-not-valid')).then(refused('answer-not-valid'));
  given(refused('answer-not-valid')).when(refuse('too-old')).then(refused('too-old'));
  given(refused('unknown-subject', 'a'))
    .when(refuse('unknown-subject', 'b'))
    .then(refused('unknown-subject', 'b'));
});
it('R24: the same one is on record again after an hour', () => {
  given(refused('too-old'))
    .when(refuse('too-old', null, 59))
    .thenNothing();
  given(refused('too-old'))
    .when(refuse('too-old', null, 60))
    .then(refused('too-old', undefined, 60));
});
it('R24: who comes as ever more people fills no history', () => {
  const twenty = Array.from({ length: 20 }, (_each, i) => refused('unknown-subject', String(i)));
  given(...twenty)
    .when(refuse('unknown-subject', 'one more', 59))
    .thenNothing();
  given(...twenty)
    .when(refuse('unknown-subject', 'one more', 60))
    .then(refused('unknown-subject', 'one more', 60));
  given(...twenty)
    .when(refuse('too-old', null, 59))
    .then(refused('too-old', undefined, 59));
});
