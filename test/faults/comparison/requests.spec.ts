import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { History, type Happened } from './history.js';
import { compareReactions, statuses, unfinished } from './requests.js';

const REQUEST = 'change-request/CR-2026-0001';

/** Events of one request, and of the policy where the type says so: `ArtefactsCaptured 1/2` is the first of two parts. */
function history(types: readonly string[], version = '1'): History {
  const written = new History();
  for (const [position, words] of types.entries()) {
    const [type = '', part] = words.split(' ');
    const policy = type.startsWith('Override');
    const envelope = {
      id: `id-${position}`,
      type,
      stream: policy ? 'release-policy/default' : REQUEST,
      authorisedBy: policy ? [`id-${types.indexOf('ChangeApproved')}`] : [],
      data: {
        target: { channel: 'latest/stable', architecture: 'amd64' },
        name: 'lab-hello',
        new: { version: '1', manifest: 'm' },
        items: [{ name: 'lab-hello', channel: 'latest/stable', version }],
        changeRequest: 'CR-2026-0001',
        ...(part === undefined ? {} : { part: part.split('/').map(Number) }),
      },
    };
    written.events.push({ position, cursor: String(position), sha256: '', envelope } as unknown as Happened);
  }
  return written;
}

function findings(...types: string[]): readonly string[] {
  const found = new Findings();
  const written = history(types);
  compareReactions(written, statuses(written, found), found);
  return found.all;
}

const APPROVED = ['ChangeDrafted', 'ChangeSubmitted', 'ArtefactsCaptured', 'ChangeApproved'];

describe('what reactors did', () => {
  it('is in order when each is done once', () => {
    expect(findings(...APPROVED, 'OverrideSet', 'ChangeApplied')).toEqual([]);
    const approved = history(APPROVED);
    expect(unfinished(approved, statuses(approved, new Findings()))).toEqual(['CR-2026-0001 (approved)']);
  });

  it('is in order when a list is spread over parts, which count once', () => {
    const parts = ['ChangeDrafted 1/2', 'ChangeDrafted 2/2', 'ChangeSubmitted', 'ArtefactsCaptured 1/2'];
    const captured = [...parts, 'ArtefactsCaptured 2/2', 'ChangeApproved'];
    expect(findings(...captured, 'OverrideSet', 'ChangeApplied')).toEqual([]);
    expect(findings(...parts, 'ChangeApproved').join()).toMatch(/was submitted when ChangeApproved came/);
  });

  it('finds a move to what nobody asked for', () => {
    const found = new Findings();
    const written = history([...APPROVED, 'OverrideSet', 'ChangeApplied'], '2');
    compareReactions(written, statuses(written, found), found);
    expect(found.all).toEqual(['event 4: CR-2026-0001 moved lab-hello latest/stable to 1, and asked for 2']);
  });

  it.each([
    [
      'a second capture',
      ['ChangeDrafted', 'ChangeSubmitted', 'ArtefactsCaptured', 'ArtefactsCaptured'],
      /applied twice/,
    ],
    ['a second application', [...APPROVED, 'OverrideSet', 'OverrideSet', 'ChangeApplied'], /a second time/],
    ['a second report', [...APPROVED, 'OverrideSet', 'ChangeApplied', 'ChangeApplied'], /applied twice/],
    ['a move without approval', ['ChangeDrafted', 'OverrideSet'], /without its approval/],
    ['an application without a move', [...APPROVED, 'ChangeApplied'], /the policy never moved/],
  ])('finds %s', (_name, types, says) => {
    expect(findings(...types).join('\n')).toMatch(says);
  });
});

/** Events of one request: `StageApplied pilot` is of that ring, `EmergencyRatified ben` is signed by him. */
function lived(...types: string[]): {
  readonly found: readonly string[];
  readonly status: string | undefined;
} {
  const written = new History();
  for (const [position, words] of types.entries()) {
    const [type = '', word = ''] = words.split(' ');
    const stage = { canary: 1, pilot: 2 }[word];
    const data =
      type === 'ChangeDrafted'
        ? { ring: 'canary', stages: [{ ring: 'pilot' }], items: [] }
        : { ring: word, stage, signature: { signer: word }, changeRequest: 'CR-2026-0001' };
    const stream = type === 'AccessSet' ? 'release-policy/canary' : REQUEST;
    const envelope = { id: `id-${position}`, type, stream, authorisedBy: [], data };
    written.events.push({ position, cursor: String(position), sha256: '', envelope } as unknown as Happened);
  }
  const found = new Findings();
  const all = statuses(written, found);
  compareReactions(written, all, found);
  return { found: found.all, status: all.get('CR-2026-0001') };
}

const CANARY = [...APPROVED, 'ChangeStarted', 'AccessSet', 'StageApplied canary'];
const PILOT = ['StageVerified canary', 'StageStarted pilot', 'StageApplied pilot'];

describe('a plan', () => {
  it('comes to its rings in order', () => {
    expect(lived(...CANARY)).toEqual({ found: [], status: 'rolling-out' });
    expect(lived(...CANARY, 'StageVerified canary', 'PlanStopped')).toEqual({ found: [], status: 'stopped' });
    expect(lived(...CANARY, ...PILOT)).toEqual({ found: [], status: 'effective' });
  });

  it.each([
    [
      'a ring before it was verified',
      [...CANARY, 'StageStarted pilot', 'StageApplied pilot'],
      /before it was verified/,
    ],
    ['a ring a second time', [...CANARY, 'StageVerified canary', 'StageApplied canary'], /out of turn/],
    [
      'a ring of one that was stopped',
      [...CANARY, 'PlanStopped', ...PILOT],
      /was stopped when StageVerified came/,
    ],
  ])('finds %s', (_name, types, says) => {
    expect(lived(...types).found.join('\n')).toMatch(says);
  });
});

const RELEASED = [
  'ChangeDrafted',
  'ChangeSubmitted',
  'ArtefactsCaptured',
  'EmergencyReleased olga',
  'AccessSet',
];

describe('an emergency', () => {
  it('is released by one, and ratified by two others, before it is in force or after that', () => {
    const signed = ['RatificationSigned ben', 'EmergencyRatified cyd'];
    expect(lived(...RELEASED, ...signed, 'ChangeApplied')).toEqual({ found: [], status: 'effective' });
    expect(lived(...RELEASED, 'ChangeApplied', ...signed)).toEqual({ found: [], status: 'effective' });
  });

  it.each([
    ['a second release', [...RELEASED, 'EmergencyReleased olga'], /was released 2 times/],
    [
      'who ratifies their own',
      [...RELEASED, 'RatificationSigned olga'],
      /released by olga, and ratified by olga/,
    ],
    [
      'who ratifies it twice',
      [...RELEASED, 'RatificationSigned ben', 'EmergencyRatified ben'],
      /ratified by ben,ben/,
    ],
    ['a ratification of what was never released', ['ChangeDrafted', 'RatificationSigned ben'], /out of turn/],
  ])('finds %s', (_name, types, says) => {
    expect(lived(...types).found.join('\n')).toMatch(says);
  });
});

describe('a revision', () => {
  it('says anew what is asked for, and the last one counts', () => {
    const revised = [
      'ChangeDrafted',
      'ChangeSubmitted',
      'ChangeCommented',
      'ChangeRevised',
      'ChangeSubmitted',
    ];
    expect(lived(...revised, 'ArtefactsCaptured')).toEqual({ found: [], status: 'captured' });
    expect(lived(...revised, 'ChangeApproved').found.join()).toMatch(
      /was submitted when ChangeApproved came/,
    );
    expect(lived(...APPROVED, 'ChangeRevised').found.join()).toMatch(/was approved when ChangeRevised came/);
  });
});
