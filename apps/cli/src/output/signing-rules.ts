import type { ShownSignature } from '../api/types.js';

/** Under which of the site's rules signatures were made, and whose: a line for each set of rules. Older signatures do not say it. */
export function signingRulesLines(
  signatures: readonly Pick<ShownSignature, 'printedName' | 'rules'>[],
): readonly string[] {
  const said = signatures.flatMap(({ printedName, rules }) =>
    rules ? [{ printedName, text: textOf(rules) }] : [],
  );
  const groups = Map.groupBy(said, ({ text }) => text);
  return [...groups].map(([text, by]) => {
    const names = [...new Set(by.map(({ printedName }) => printedName))];
    return `What the site asked of ${names.join(', ')} to sign: ${text}`;
  });
}

function textOf({ secondComponent, signingPauseMinutes, passwordDays, training }: Rules): string {
  return [
    secondComponent === 'required' ? 'a second component of everybody' : 'a second component of who has one',
    signingPauseMinutes === 0 ? 'both each time' : `both again after ${signingPauseMinutes} minutes`,
    passwordDays === 0 ? 'passwords do not age' : `passwords of at most ${passwordDays} days`,
    training === 'required' ? 'a current record of training' : 'no record of training',
  ].join('; ');
}

type Rules = NonNullable<ShownSignature['rules']>;
