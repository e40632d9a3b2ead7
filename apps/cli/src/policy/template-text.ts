import { stringify } from 'yaml';
import type { ApprovedTemplate, GrantedTemplate, Template } from '../api/template-types.js';
import { snapNameOf, soakRuleText } from './approval-rules.js';
import { soakContent } from './write-rules.js';

const SHOWN = [
  'name',
  'snaps',
  'channels',
  'architectures',
  'mostTargets',
  'passes',
  'soak',
  'uses',
  'hours',
  'usedBy',
  'until',
];

/** All that a template says, on one line; equal for equal templates. @param withIds also of its snaps, for who is to sign it */
export function templateText(template: Template | ApprovedTemplate, withIds = false): string {
  const { snaps, channels, architectures, mostTargets, passes, soak, uses, hours, usedBy, until } = template;
  const names = snaps.map((snap) =>
    typeof snap === 'object' && withIds ? `${snap.name} (${snap.subject})` : snapNameOf(snap),
  );
  // Of a later server: nobody is to sign what is not shown.
  const others = Object.entries(template).filter(([name]) => !SHOWN.includes(name));
  return [
    `newer revisions of ${names.join(', ')}`,
    `channels: ${wordsText(channels)}`,
    `architectures: ${wordsText(architectures)}`,
    `at most ${mostTargets} targets at once`,
    `passing marks: ${passes.length === 0 ? 'none' : passes.join(', ')}`,
    ...(soak ? [`soak: ${soakRuleText(soak)}`] : []),
    `at most ${uses.most} uses in ${uses.days} days`,
    ...(hours ? [`from ${hours.from} to ${hours.to} in ${hours.zone}`] : []),
    `used by: ${usedBy.join(', ')}`,
    `until ${until}`,
    ...others.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ].join('; ');
}

function wordsText(words: 'all' | readonly string[]): string {
  return words === 'all' ? words : words.join(', ');
}

/** A template as the file that proposes it. */
export function writeTemplateFile({ version, changeRequest, approvedBy, template }: GrantedTemplate): string {
  const { snaps, mostTargets, passes, soak, uses, hours, usedBy, until, ...said } = template;
  const by = approvedBy.map(({ name }) => name).join(', ');
  const content = {
    name: said.name,
    snaps: snaps.map(snapNameOf),
    channels: said.channels,
    architectures: said.architectures,
    'most-targets': String(mostTargets),
    passes,
    ...(soak ? { soak: soakContent(soak) } : {}),
    uses: { most: String(uses.most), days: String(uses.days) },
    ...(hours ? { hours: { ...hours } } : {}),
    'used-by': usedBy,
    until,
  };
  return `# version ${version}, approved in ${changeRequest} by ${by}\n${stringify(content, { schema: 'failsafe', lineWidth: 0 })}`;
}
