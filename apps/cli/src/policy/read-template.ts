import { isScalar } from 'yaml';
import type { Template } from '../api/template-types.js';
import { CliError } from '../cli-error.js';
import { givenTime } from '../input/since.js';
import { parseYaml } from './parse-yaml.js';
import { members, numberIn, word, words, type PolicyNode, type PolicyProblems } from './policy-node.js';
import { readSoakRule } from './read-soak-rule.js';
import { requireKnown } from './require-known.js';

const NEEDED = [
  'name',
  'snaps',
  'channels',
  'architectures',
  'most-targets',
  'passes',
  'uses',
  'used-by',
  'until',
];
const OPTIONAL = ['soak', 'hours'];

/**
 * A template from a file of its own. Whether it can be meant is for the server to say.
 * @param file what to call it in errors
 * @throws CliError `usage`, with a line for each thing that is wrong
 */
export function readTemplateFile(text: string, file: string): Template {
  const { document, problems } = parseYaml(text, file);
  const node = { value: document.contents, name: 'the file', offset: 0 };
  const parts = partsOf(node, [...NEEDED, ...OPTIONAL], NEEDED, problems);
  if (problems.any) throw new CliError('usage', problems.text());
  const part = (name: string): PolicyNode => parts.get(name) ?? node;
  const soak = parts.get('soak');
  const hours = parts.get('hours');
  const [most, days] = numbers(part('uses'), ['most', 'days'], problems);
  const until = word(part('until'), problems) ?? '';
  const template: Template = {
    name: word(part('name'), problems) ?? '',
    snaps: names(part('snaps'), problems),
    channels: allOr(part('channels'), problems),
    architectures: allOr(part('architectures'), problems),
    mostTargets: number(part('most-targets'), problems),
    passes: names(part('passes'), problems) as Template['passes'],
    ...(soak ? { soak: readSoakRule(soak, problems) } : {}),
    uses: { most: most ?? 0, days: days ?? 0 },
    ...(hours ? { hours: readHours(hours, problems) } : {}),
    usedBy: names(part('used-by'), problems) as Template['usedBy'],
    until,
  };
  if (problems.any) throw new CliError('usage', problems.text());
  return { ...template, until: givenTime(until) };
}

/** The members by name; what is not known, or is missing, is noted. */
function partsOf(
  node: PolicyNode,
  known: readonly string[],
  needed: readonly string[],
  problems: PolicyProblems,
): ReadonlyMap<string, PolicyNode> {
  const parts = members(node, problems);
  requireKnown(parts, known, problems);
  const byName = new Map(parts.map((each) => [each.name, each]));
  for (const name of needed)
    if (!byName.has(name)) problems.add(node.offset, `${node.name} does not say "${name}"`);
  return byName;
}

function readHours(node: PolicyNode, problems: PolicyProblems): NonNullable<Template['hours']> {
  const names = ['from', 'to', 'zone'];
  const parts = partsOf(node, names, names, problems);
  const [from = '', to = '', zone = ''] = names.map((name) => {
    const part = parts.get(name);
    return (part && word(part, problems)) ?? '';
  });
  return { from, to, zone };
}

function numbers(
  node: PolicyNode,
  named: readonly string[],
  problems: PolicyProblems,
): readonly (number | undefined)[] {
  const parts = partsOf(node, named, named, problems);
  return named.map((name) => {
    const part = parts.get(name);
    return part && number(part, problems);
  });
}

function allOr(node: PolicyNode, problems: PolicyProblems): 'all' | string[] {
  return isScalar(node.value) && node.value.value === 'all' ? 'all' : names(node, problems);
}

/** In order, so that a file says the same however it is written. */
function names(node: PolicyNode, problems: PolicyProblems): string[] {
  return words(node, problems)
    .map(({ name }) => name)
    .toSorted();
}

function number(node: PolicyNode, problems: PolicyProblems): number {
  return numberIn(node, problems, /^[1-9][0-9]{0,4}$/, 'a number');
}
