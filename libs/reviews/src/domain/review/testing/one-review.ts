import { recordDigest, type CommandContext, type JsonObject } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import type { AccessLine, Content } from '../../content.js';
import { meaningOf, reviewId } from '../../kinds.js';
import type { SignReview } from '../commands.js';
import type { Decision, Finding, ReviewOpened } from '../events.js';

/** People who review, by name. */
export const ANA = byPerson('ana', ['qa']);
export const BEN = byPerson('ben', ['qa', 'approver']);

export const NEXT_DUE = '2027-02-20T00:00:00.000Z';
const REASON = ANA.reason;

const right = (name: string, role: string | null): AccessLine => ({
  of: 'right',
  person: `id-of-${name}`,
  login: name,
  name,
  role,
  ring: null,
});

/** Ana's right is line 1, ben's lines 2 and 3, cyd's account and token lines 4 and 5. */
export const ACCESS: Content = {
  kind: 'access',
  scope: { asOf: '2026-11-20T00:00:00.000Z', size: '41' },
  lines: [
    right('ana', 'qa'),
    right('ben', 'qa'),
    right('ben', 'approver'),
    right('cyd', null),
    {
      of: 'token',
      person: 'id-of-cyd',
      login: 'cyd',
      name: 'cyd',
      token: 'nightly',
      rings: ['default'],
      expiresAt: '2027-01-01T00:00:00.000Z',
    },
  ],
};

export const PERIODIC: Content = {
  kind: 'periodic',
  scope: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', events: 3, size: '41' },
  lines: [
    {
      section: 'halts',
      position: '7',
      at: '2026-10-08T00:00:00.000Z',
      type: 'RingHalted',
      about: 'release-policy/default',
      by: 'olga',
      text: 'incident: devices did not come back',
    },
  ],
};

/** In which ben acted. */
export const TRAIL: Content = {
  kind: 'trail',
  scope: { from: '0', to: '41', digest: 'd1'.repeat(32), size: '41' },
  lines: [
    { of: 'type', type: 'ChangeApproved', events: 2 },
    { of: 'actor', person: 'id-of-ben', name: 'ben', events: 2 },
  ],
};

/** As ana opened it. */
export function opened(content: Content): ReviewOpened {
  const { lines, ...about } = content;
  return {
    type: 'ReviewOpened',
    data: {
      id: reviewId(content.kind, 1),
      openedBy: { id: 'id-of-ana', name: 'ana' },
      openedAt: ANA.at,
      reason: REASON,
      nextDue: NEXT_DUE,
      content: about,
      lines,
    },
  };
}

/** The digest of the record, worked out here from what the page of signatures says is signed. */
export function digestOf(
  content: Content,
  { decisions = [], findings = [] }: { decisions?: readonly Decision[]; findings?: readonly Finding[] } = {},
): string {
  const { lines: _lines, content: _content, ...opening } = opened(content).data;
  return recordDigest({
    record: 'review',
    ...opening,
    content,
    decisions,
    findings,
  } as unknown as JsonObject);
}

/** A person signs, with the password. */
export function signs(
  who: CommandContext,
  content: Content,
  digest: string,
  {
    signedBefore = [],
    ...rest
  }: { signedBefore?: readonly string[] } & Partial<SignReview['signature']> = {},
): SignReview {
  if (who.actor.kind !== 'person') throw new Error('a person signs');
  const { id, name } = who.actor;
  const signature = {
    meaning: meaningOf(content.kind),
    signer: id,
    printedName: name,
    signedAt: who.at,
    components: ['password'],
    credential: 'credential-1',
    recordDigest: digest,
    ...rest,
  } as const;
  const signersNow = new Map(signedBefore.map((each) => [each, { roles: ['qa'], resets: 0 }]));
  return {
    type: 'SignReview',
    signature,
    signersNow,
    gained: [],
    context: { ...who, actor: { ...who.actor, auth: 'password' } },
  };
}
