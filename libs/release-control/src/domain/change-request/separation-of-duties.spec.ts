import { describe, expect, it } from 'vitest';
import { CodedError, fold, type CommandContext } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import type { ElectronicSignature, SignatureMeaning } from '../signature.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { releaseRecordOf } from './ratify.js';
import { digestOf, releaseDigestOf } from './record.js';
import { isEmergency } from './state.js';
import { change, item, started, applied, worker } from './testing/one-request.js';
import { releasePolicy } from '../release-policy/release-policy.js';

/** Whoever it is holds every role that does anything with a request: nothing but what they did before keeps them from it. */
const ROLES = ['author', 'approver', 'qa', 'operator'];
const WHO = ['Ana', 'Ben', 'Olga', 'Cyd', 'Eva', 'Fay'] as const;
type Who = (typeof WHO)[number];
const at = '2026-11-22T12:48:14.123Z';
const context = (who: string): CommandContext => byPerson(who, ROLES, { auth: 'password', at });
const policy: ApprovalPolicy = {
  ...BUILT_IN_POLICY,
  emergency: {
    onCall: WHO.flatMap((who) => [who, `${who}-two`]).map((who) => {
      return { person: `id-of-${who}`, login: who.toLowerCase() };
    }),
    snaps: 'all',
    ratifyWithinHours: 12,
  },
};
const signersNow = new Map(WHO.map((who) => [`id-of-${who}`, { roles: ROLES, resets: 0 }]));

const author = { id: 'id-of-Ana', name: 'Ana' };
const drafted = { id: 'CR-2026-0001', ring: 'default', author, reason: context('Ana').reason, items: [item] };
const recordDigest = digestOf({ ...drafted, submittedAt: at, changes: [change] });
const captured: readonly ChangeRequestEvent[] = [
  { type: 'ChangeDrafted', data: drafted },
  { type: 'ChangeSubmitted', data: { submission: 1, at } },
  { type: 'ArtefactsCaptured', data: { submission: 1, changes: [change], recordDigest } },
];

const signature = (who: string, meaning: SignatureMeaning, digest: string): ElectronicSignature => {
  const printed = { meaning, signer: `id-of-${who}`, printedName: who, signedAt: at };
  return { ...printed, components: ['password'], credential: 'credential-1', recordDigest: digest };
};

/** Everybody has a second account, and it is known to be theirs. */
const second = (who: Who) => `${who}-two`;
const linked = new Map(WHO.map((who) => [`id-of-${second(who)}`, `id-of-${who}`]));

const ACTS = ['approve', 'reject', 'release', 'ratify', 'refuse', 'verify', 'close'] as const;
type Act = (typeof ACTS)[number];

function commandOf(
  act: Act,
  who: string,
  history: readonly ChangeRequestEvent[],
  ring: ApprovalPolicy = policy,
): ChangeRequestCommand {
  const state = fold(changeRequest, history);
  const ofRelease = isEmergency(state) ? releaseDigestOf(releaseRecordOf(state)) : recordDigest;
  const by = { context: { ...context(who), linked }, policy: ring };
  switch (act) {
    case 'approve':
      return {
        type: 'ApproveChange',
        signature: signature(who, 'approved', recordDigest),
        signersNow,
        ...by,
      };
    case 'reject':
      return { type: 'RejectChange', signature: signature(who, 'rejected', recordDigest), ...by };
    case 'release':
      return { type: 'ReleaseEmergency', signature: signature(who, 'released', recordDigest), ...by };
    case 'ratify':
      return { type: 'RatifyEmergency', signature: signature(who, 'ratified', ofRelease), signersNow, ...by };
    case 'refuse':
      return {
        type: 'RefuseRatification',
        signature: signature(who, 'ratification-refused', ofRelease),
        ...by,
      };
    case 'verify':
      return {
        type: 'VerifyChange',
        policy: ring,
        passed: true,
        lookedAt: 'devices 1 to 3, per TP-88',
        figures: [],
        context: by.context,
      };
    case 'close':
      return { type: 'CloseChange', context: by.context };
  }
}

/** What comes of it once each has done their part, as they are allowed to. */
function after(...done: readonly (readonly [Act, Who] | 'applied')[]): readonly ChangeRequestEvent[] {
  return done.reduce<readonly ChangeRequestEvent[]>((history, step) => {
    if (step !== 'applied')
      return [...history, ...changeRequest.decide(commandOf(...step, history), fold(changeRequest, history))];
    return isEmergency(fold(changeRequest, history)) ? [...history, applied] : [...history, started, applied];
  }, captured);
}

/** Who of them is taken, and with which code the others are refused. @param account in which they try it */
function outcome(
  act: Act,
  history: readonly ChangeRequestEvent[],
  account: (who: Who) => string,
  ring: ApprovalPolicy = policy,
): Readonly<Record<string, string>> {
  const state = fold(changeRequest, history);
  const tried = WHO.map((who) => {
    try {
      return [
        who,
        changeRequest.decide(commandOf(act, account(who), history, ring), state).length > 0
          ? 'taken'
          : 'nothing',
      ];
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return [who, String(error.code)];
    }
  });
  return Object.fromEntries(tried) as Readonly<Record<string, string>>;
}

const everybodyBut = (refused: Partial<Record<Who, string>>) =>
  Object.fromEntries(WHO.map((who) => [who, refused[who] ?? 'taken']));

const ACCOUNTS: readonly (readonly [string, (who: Who) => string])[] = [
  ['the account of their deeds', (who) => who],
  ['another account of theirs', second],
];

/** The worker's way, tried by people. */
const EXECUTIONS: readonly (readonly [string, ChangeRequestCommand, readonly ChangeRequestEvent[]])[] = [
  [
    'takes on what was approved',
    { type: 'StartChange', policy, applied: false, context: worker },
    after(['approve', 'Ben']),
  ],
  [
    'says that the ring has it',
    { type: 'RecordApplied', policy: 'release-policy/default', context: worker },
    [...after(['approve', 'Ben']), started],
  ],
  [
    'says that the ring has what was released in an emergency',
    { type: 'RecordApplied', policy: 'release-policy/default', context: worker },
    after(['release', 'Olga']),
  ],
  [
    'says that it does not fit any more',
    { type: 'MarkStale', mismatches: [], context: worker },
    [...after(['approve', 'Ben']), started],
  ],
];

describe.each(EXECUTIONS)(
  'R27: nobody executes what was signed: the worker %s',
  (_what, command, history) => {
    const state = fold(changeRequest, history);

    it.each(ACCOUNTS)('and nobody does who holds every role, with %s', (_with, account) => {
      for (const who of WHO) {
        const byThem = { ...command, context: { ...context(account(who)), linked } } as ChangeRequestCommand;
        expect(() => changeRequest.decide(byThem, state)).toThrow(
          expect.objectContaining({ code: 'not-the-executor' }),
        );
      }
    });

    it('and no program does in the name of its owner', () => {
      const actor = { kind: 'token', id: 'token-1', name: 'nightly', owner: author } as const;
      const byToken = { ...command, context: { ...context('Ana'), actor } } as ChangeRequestCommand;
      expect(() => changeRequest.decide(byToken, state)).toThrow(
        expect.objectContaining({ code: 'not-the-executor' }),
      );
    });

    it('by itself, once', () => expect(() => changeRequest.decide(command, state)).not.toThrow());
  },
);

it('R27: nobody changes the policy of a ring but the worker', () => {
  const apply = {
    type: 'ApplyChange',
    changeRequest: drafted.id,
    changes: [change],
    approvedBy: [],
  } as const;
  for (const who of WHO) {
    expect(() =>
      releasePolicy.decide({ ...apply, context: context(who) }, releasePolicy.initialState),
    ).toThrow(expect.objectContaining({ code: 'not-the-executor' }));
  }
});

describe.each(ACCOUNTS)('R27: whoever holds every role, with %s', (_with, account) => {
  it.each<[Act, string]>([
    ['approve', 'author-cannot-approve'],
    ['reject', 'author-cannot-approve'],
  ])('does not %s what they wrote', (act, code) =>
    expect(outcome(act, after(), account)).toEqual(everybodyBut({ Ana: code })),
  );

  it('may release what they wrote where they are on call, which approves nothing', () =>
    expect(outcome('release', after(), account)).toEqual(everybodyBut({})));

  it('of an approved change verifies it unless they wrote it, and closes it unless they wrote or verified it', () => {
    const inForce = after(['approve', 'Ben'], 'applied');
    expect(outcome('verify', inForce, account)).toEqual(everybodyBut({ Ana: 'author-cannot-verify' }));
    const verified = after(['approve', 'Ben'], 'applied', ['verify', 'Eva']);
    expect(outcome('close', verified, account)).toEqual(
      everybodyBut({ Ana: 'author-cannot-verify', Eva: 'verifier-cannot-close' }),
    );
  });

  it('does not verify what they signed either, where the ring asks for others', () => {
    const others: ApprovalPolicy = { ...policy, verifiedByOthers: true };
    const approved = after(['approve', 'Ben'], 'applied');
    expect(outcome('verify', approved, account, others)).toEqual(
      everybodyBut({ Ana: 'author-cannot-verify', Ben: 'signer-cannot-verify' }),
    );
    const ratified = after(['release', 'Olga'], 'applied', ['ratify', 'Ben'], ['ratify', 'Cyd']);
    const signed = { Ben: 'signer-cannot-verify', Cyd: 'signer-cannot-verify' };
    const own = { Ana: 'author-cannot-verify', Olga: 'author-cannot-verify' };
    expect(outcome('verify', ratified, account, others)).toEqual(everybodyBut({ ...own, ...signed }));
    const verified = after(['approve', 'Ben'], 'applied', ['verify', 'Eva']);
    expect(outcome('close', verified, account, others)).toEqual(
      everybodyBut({ Ana: 'author-cannot-verify', Eva: 'verifier-cannot-close' }),
    );
  });

  it.each<[Act]>([['ratify'], ['refuse']])('does not %s what they wrote, nor what they released', (act) => {
    const released = after(['release', 'Olga'], 'applied');
    expect(outcome(act, released, account)).toEqual(
      everybodyBut({ Ana: 'author-cannot-approve', Olga: 'releaser-cannot-ratify' }),
    );
  });

  it('ratifies once, and judges nothing of what they wrote or released afterwards', () => {
    const once = after(['release', 'Olga'], 'applied', ['ratify', 'Ben']);
    expect(outcome('ratify', once, account)).toEqual(
      everybodyBut({ Ana: 'author-cannot-approve', Olga: 'releaser-cannot-ratify', Ben: 'already-signed' }),
    );
    const ratified = after(['release', 'Olga'], 'applied', ['ratify', 'Ben'], ['ratify', 'Cyd']);
    const own = { Ana: 'author-cannot-verify', Olga: 'author-cannot-verify' };
    expect(outcome('verify', ratified, account)).toEqual(everybodyBut(own));
    const verified = after(
      ['release', 'Olga'],
      'applied',
      ['ratify', 'Ben'],
      ['ratify', 'Cyd'],
      ['verify', 'Eva'],
    );
    expect(outcome('close', verified, account)).toEqual(
      everybodyBut({ ...own, Eva: 'verifier-cannot-close' }),
    );
  });
});
