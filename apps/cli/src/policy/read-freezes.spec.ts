import { expect, it } from 'vitest';
import { CliError } from '../cli-error.js';
import { readRulesFile } from './read-rules.js';

const HEAD = 'default: { approvals: 1 }\nfreezes:\n';
const WHOLE = `${HEAD}- { from: fri 18:00, to: mon 06:00, zone: UTC, reason: nobody is in, emergencies: wait }\n`;

function problems(text: string): readonly string[] {
  try {
    readRulesFile(text, 'a.yaml');
  } catch (error) {
    if (error instanceof CliError) return error.message.split('\n');
    throw error;
  }
  return [];
}

it('R26: reads when a ring is frozen', () =>
  expect(readRulesFile(WHOLE, 'a.yaml').freezes).toEqual([
    { from: 'fri 18:00', to: 'mon 06:00', zone: 'UTC', reason: 'nobody is in', emergencies: 'wait' },
  ]));

it.each([
  ['no list', 'default: { approvals: 1 }\nfreezes: soon\n', 'a.yaml:2: freezes must be a list'],
  ['a word in the list', `${HEAD}- soon\n`, 'a.yaml:3: a freeze must hold names with values'],
  [
    'a part that is missing',
    `${HEAD}- { from: fri 18:00, to: mon 06:00, zone: UTC, emergencies: wait }\n`,
    'a.yaml:3: a freeze does not say "reason"',
  ],
  [
    'a part that is not known',
    WHOLE.replace('zone:', 'until: x, zone:'),
    'a.yaml:3: until is not known: from, to, zone, reason, emergencies',
  ],
  [
    'emergencies that do something else',
    WHOLE.replace('wait }', 'halt }'),
    'a.yaml:3: emergencies must be pass or wait, not halt',
  ],
])('says where there is %s', (_what, text, message) => expect(problems(text)).toContain(message));
