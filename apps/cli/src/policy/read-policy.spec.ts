import { expect, it } from 'vitest';
import { CliError } from '../cli-error.js';
import { readPolicy } from './read-policy.js';

const HEAD = 'holdfast-policy: 1\nring: default\naccess: open\n';

function problems(text: string): readonly string[] {
  try {
    readPolicy(text, 'p.yaml');
  } catch (error) {
    if (error instanceof CliError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was read');
}

it('reads a file as people write it', () => {
  const text = `# ours
holdfast-policy: 1
ring: default
access: gated
publisher-changes: block
deny:
  - lab-bad   # CVE
allow: ["lab-free"]
approvals:
  default: { approvals: 2, roles: { qa: '1' } }
  override: { approvals: 1, order: 'any' }
overrides:
  lab-hello:
    latest/stable: { amd64: 20, "arm64": '21' }
  lab-none: {}
members:
  - serial acme/gateway/0001
  - model acme/meter in FD00::/16 at Store.LAB
  - list line-3
`;
  expect(readPolicy(text, 'p.yaml')).toEqual({
    ring: 'default',
    digest: null,
    access: 'gated',
    publisherChanges: 'block',
    denied: ['lab-bad'],
    allowed: ['lab-free'],
    approvals: {
      default: { approvals: 2, roles: { qa: 1 }, order: 'any' },
      kinds: { override: { approvals: 1, roles: {}, order: 'any' } },
    },
    overrides: [
      { snap: 'lab-hello', channel: 'latest/stable', architecture: 'amd64', revision: 20 },
      { snap: 'lab-hello', channel: 'latest/stable', architecture: 'arm64', revision: 21 },
    ],
    members: ['serial acme/gateway/0001', 'model acme/meter in fd00::/16 at store.lab', 'list line-3'],
  });
  const empty = { denied: [], allowed: [], overrides: [], members: [] };
  expect(readPolicy(`${HEAD}deny:\nallow:\noverrides:\nmembers:\n`, 'p.yaml')).toMatchObject(empty);
  // What is not said of these leaves them as they are, as in a file of before there were any.
  expect(readPolicy(HEAD, 'p.yaml')).toMatchObject({ ...empty, members: null, publisherChanges: null });
});

it.each([
  ['a rule that is none', `${HEAD}members:\n  - acme/gateway\n`, 'p.yaml:5: "acme/gateway" is no rule of'],
  [
    'a serial that is none',
    `${HEAD}members:\n  - serial acme/1\n`,
    'p.yaml:5: "serial acme/1" is no rule of',
  ],
  ['a network that is none', `${HEAD}members: [model a/b in 10.0.0.1/8]\n`, 'p.yaml:4: "model a/b in 10.0'],
  [
    'a rule twice',
    `${HEAD}members: [list lab at X, list lab at x]\n`,
    'p.yaml:4: list lab at x stands twice',
  ],
  ['a member that is not known', `${HEAD}overides: {}\n`, 'p.yaml:4: overides is not known: '],
  [
    'another word for publishers',
    `${HEAD}publisher-changes: drop\n`,
    'p.yaml:4: publisher-changes must be keep or block, not drop',
  ],
  ['a member twice', `${HEAD}ring: pilot\n`, 'p.yaml:4: ring stands twice in the file'],
  ['no ring', 'holdfast-policy: 1\naccess: open\n', 'p.yaml:1: ring is missing'],
  [
    'a form of later',
    'holdfast-policy: 2\nring: default\naccess: open\n',
    'p.yaml:1: holdfast-policy must be 1, not 2',
  ],
  ['another access', HEAD.replace('open', 'closed'), 'p.yaml:3: access must be open or gated, not closed'],
  [
    'a digest that is none',
    `${HEAD}digest: abc\n`,
    'p.yaml:4: digest must be the digest that the export wrote, not abc',
  ],
  ['a list that is none', `${HEAD}deny: lab-bad\n`, 'p.yaml:4: deny must be a list'],
  ['a snap twice', `${HEAD}deny:\n- lab-bad\n- lab-bad\n`, 'p.yaml:6: lab-bad stands twice in deny'],
  ['a snap on both lists', `${HEAD}deny: [a]\nallow:\n- a\n`, 'p.yaml:6: a is denied and allowed'],
  ['a name that is none', `${HEAD}allow:\n- Lab Bad\n`, 'p.yaml:5: Lab Bad is not the name of a snap: '],
  [
    'a target twice',
    `${HEAD}overrides:\n  a:\n    latest/stable:\n      amd64: 1\n      amd64: 2\n`,
    'p.yaml:8: amd64 stands twice in latest/stable',
  ],
  ['a snap twice', `${HEAD}overrides:\n  a: {}\n  a: {}\n`, 'p.yaml:6: a stands twice in overrides'],
  [
    'a channel that is not written out',
    `${HEAD}overrides:\n  a:\n    stable: { amd64: 1 }\n`,
    'p.yaml:6: stable is to be written out, as latest/stable',
  ],
  [
    'a channel that is none',
    `${HEAD}overrides:\n  a:\n    a/b/c/d: { amd64: 1 }\n`,
    'p.yaml:6: a/b/c/d is no channel: ',
  ],
  [
    'a revision that is none',
    `${HEAD}overrides:\n  a:\n    latest/stable: { amd64: x1 }\n`,
    'p.yaml:6: amd64 must be a revision, a whole number from 1, not x1',
  ],
  [
    'a revision of nothing',
    `${HEAD}overrides:\n  a:\n    latest/stable:\n      amd64:\n`,
    'p.yaml:7: amd64 must be one word',
  ],
  [
    'an architecture that is none',
    `${HEAD}overrides:\n  a:\n    latest/stable: { "amd 64": 1 }\n`,
    'p.yaml:6: amd 64 is no architecture, such as amd64',
  ],
  ['a snap with a revision alone', `${HEAD}overrides:\n  a: 1\n`, 'p.yaml:5: a must hold names with values'],
  ['an alias', `${HEAD}deny: &all [a]\nallow: *all\n`, 'p.yaml:4: anchors are not taken here: write it out'],
  ['a tag', `${HEAD}deny: !!set [a]\n`, 'p.yaml:4: '],
  ['what is no YAML', `${HEAD}deny: [a\n`, 'p.yaml:'],
  ['tabs', `${HEAD}deny:\n\t- a\n`, 'p.yaml:5: '],
  ['two documents', `${HEAD}---\n${HEAD}`, 'p.yaml:'],
  ['a list', '- a\n', 'p.yaml:1: the file must hold names with values'],
  ['a name that is a list', `${HEAD}? [a]\n: b\n`, 'p.yaml:4: the file has a name that is none'],
])('says where there is %s', (_what, text, message) => {
  expect(problems(text).filter((line) => line.startsWith(message))).not.toEqual([]);
});

it('refuses an empty file', () => {
  expect(problems('')).toContain('p.yaml:1: ring is missing');
});

it('says all that is wrong, in order, and stops at twenty', () => {
  const overrides = Array.from({ length: 30 }, (_, i) => `  lab-${i}: 1\n`).join('');
  const lines = problems(`${HEAD}overrides:\n${overrides}`);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toMatch(/^p\.yaml:5: /);
  expect(lines.at(-1)).toBe('and 10 more');
});

it.each([
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]\n`)
      .join('')}`,
  ],
  ['a hundred thousand brackets', '['.repeat(100_000)],
  ['brackets on lines of their own', '[\n'.repeat(100_000)],
  ['braces in each other', '{a: '.repeat(50_000)],
  ['a hundred thousand dashes', '- '.repeat(100_000)],
  ['question marks', '? '.repeat(100_000)],
  ['deep blanks', Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
])('refuses %s at once', (_what, text) => {
  expect(problems(`${HEAD}deny:\n${text}`).join('\n')).toMatch(/^p\.yaml:\d+: /);
});

it('reads a file of a megabyte, and no larger one', () => {
  const line = (i: number) => `  lab-${String(i).padStart(5, '0')}: { latest/stable: { amd64: ${i + 1} } }\n`;
  const overrides = Array.from({ length: 20_000 }, (_, i) => line(i)).join('');
  expect(readPolicy(`${HEAD}overrides:\n${overrides}`, 'p.yaml').overrides).toHaveLength(20_000);
  expect(problems(`${HEAD}# ${'x'.repeat(1024 * 1024)}\n`)[0]).toMatch(
    /^p\.yaml has \d+ bytes; a policy has at most 1048576$/,
  );
});
