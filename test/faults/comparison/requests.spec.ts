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
    expect(unfinished(statuses(history(APPROVED), new Findings()))).toEqual(['CR-2026-0001 (approved)']);
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
