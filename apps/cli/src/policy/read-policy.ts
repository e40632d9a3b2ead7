import { namesTrack, parseChannel, fullChannel, SnapError } from '#snap';
import { CliError } from '../cli-error.js';
import { readMemberRule, RULE_FORM } from './member-rules.js';
import { parseYaml } from './parse-yaml.js';
import { POLICY_FORM, type PolicyFile, type PolicyOverride } from './policy.js';
import { readRules } from './read-rules.js';
import { members, word, words, type PolicyNode, type PolicyProblems } from './policy-node.js';

const MEMBERS = [
  'holdfast-policy',
  'ring',
  'digest',
  'access',
  'publisher-changes',
  'deny',
  'allow',
  'approvals',
  'overrides',
  'members',
];
const SNAP = /^[a-z0-9-]{1,40}$/;

/**
 * A policy from its file.
 * @param file what to call it in errors
 * @throws CliError `usage`, with a line for each thing that is wrong: `policy.yaml:12: …`
 */
export function readPolicy(text: string, file: string): PolicyFile {
  const { document, problems } = parseYaml(text, file);
  const top = members({ value: document.contents, name: 'the file', offset: 0 }, problems);
  for (const { name, offset } of top) {
    if (!MEMBERS.includes(name)) problems.add(offset, `${name} is not known: ${MEMBERS.join(', ')}`);
  }
  const at = (name: string) => top.find((node) => node.name === name);
  const required = (name: string, pattern: RegExp, what: string) => {
    const node = at(name);
    if (node) return matching(node, pattern, what, problems);
    problems.add(0, `${name} is missing`);
    return '';
  };
  required('holdfast-policy', new RegExp(`^${POLICY_FORM}$`), POLICY_FORM);
  const ring = required('ring', /^[a-z0-9][a-z0-9-]{0,39}$/, "a ring's name");
  const access = required('access', /^(open|gated)$/, 'open or gated');
  const publishers = at('publisher-changes');
  const publisherChanges = publishers && matching(publishers, /^(keep|block)$/, 'keep or block', problems);
  const digest = at('digest');
  const approvals = at('approvals');
  const denied = snapsOf(at('deny'), problems);
  const allowed = snapsOf(at('allow'), problems);
  for (const { name, offset } of allowed) {
    if (denied.some((other) => other.name === name)) problems.add(offset, `${name} is denied and allowed`);
  }
  const policy: PolicyFile = {
    ring,
    digest: digest ? matching(digest, /^[0-9a-f]{64}$/, 'the digest that the export wrote', problems) : null,
    access: access === 'gated' ? 'gated' : 'open',
    publisherChanges: publisherChanges === undefined ? null : publisherChanges === 'block' ? 'block' : 'keep',
    denied: denied.map(({ name }) => name),
    allowed: allowed.map(({ name }) => name),
    approvals: approvals ? readRules(approvals, problems) : null,
    overrides: overridesOf(at('overrides'), problems),
    members: membersOf(at('members'), problems),
  };
  if (problems.any) throw new CliError('usage', problems.text());
  return policy;
}

function snapsOf(node: PolicyNode | undefined, problems: PolicyProblems): readonly PolicyNode[] {
  const listed = node ? words(node, problems) : [];
  for (const { name, offset } of listed) requireSnap(name, offset, problems);
  return listed;
}

/** Each by what it is called, in the one way that the server writes it. */
function membersOf(node: PolicyNode | undefined, problems: PolicyProblems): readonly string[] | null {
  if (!node) return null;
  const seen = new Set<string>();
  for (const { name: text, offset } of words(node, problems)) {
    const rule = readMemberRule(text);
    if (!rule) problems.add(offset, `"${text}" is ${RULE_FORM}`);
    else if (seen.has(rule.name)) problems.add(offset, `${rule.name} stands twice in members`);
    else seen.add(rule.name);
  }
  return [...seen];
}

function overridesOf(node: PolicyNode | undefined, problems: PolicyProblems): PolicyOverride[] {
  return (node ? members(node, problems) : []).flatMap((snap) => {
    requireSnap(snap.name, snap.offset, problems);
    return members(snap, problems).flatMap((channel) => {
      requireChannel(channel, problems);
      return members(channel, problems).map((architecture) => {
        if (!/^[a-z0-9]{1,20}$/.test(architecture.name))
          problems.add(architecture.offset, `${architecture.name} is no architecture, such as amd64`);
        const revision = matching(
          architecture,
          /^[1-9][0-9]{0,8}$/,
          'a revision, a whole number from 1',
          problems,
        );
        return {
          snap: snap.name,
          channel: channel.name,
          architecture: architecture.name,
          revision: Number(revision),
        };
      });
    });
  });
}

function requireSnap(name: string, offset: number, problems: PolicyProblems): void {
  if (!SNAP.test(name))
    problems.add(offset, `${name} is not the name of a snap: small letters, digits and "-"`);
}

/** Written out, so that one target has one name: `stable` may be the `stable` of any track. */
function requireChannel({ name, offset }: PolicyNode, problems: PolicyProblems): void {
  try {
    if (namesTrack(name) && fullChannel(parseChannel(name)) === name) return;
    problems.add(offset, `${name} is to be written out, as ${fullChannel(parseChannel(name))}`);
  } catch (error) {
    if (!(error instanceof SnapError)) throw error;
    problems.add(offset, `${name} is no channel: track/risk or track/risk/branch`);
  }
}

function matching(node: PolicyNode, pattern: RegExp, what: string, problems: PolicyProblems): string {
  const text = word(node, problems);
  if (text !== undefined && !pattern.test(text))
    problems.add(node.offset, `${node.name} must be ${what}, not ${text}`);
  return text ?? '';
}
