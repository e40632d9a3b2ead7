import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import type { Entry, Outcome } from '../load/record.js';
import { compareCommands } from './commands.js';
import type { Happened } from './history.js';

const ITEMS = [{ snap: 'lab-hello', channel: 'stable', revision: 1 }];

function drafted(position: number, tag: string, version = '1'): Happened {
  const envelope = {
    type: 'ChangeDrafted',
    stream: 'change-request/CR-2026-0001',
    actor: { kind: 'person' },
    reason: { ticket: tag },
    data: { items: [{ name: 'lab-hello', channel: 'stable', version }] },
  };
  return { position, cursor: String(position), sha256: '', envelope } as unknown as Happened;
}

function entry(outcome: Outcome): Entry {
  return { tag: 'F-1-1', round: 1, command: 'draft', content: { items: ITEMS, submit: false }, outcome };
}

/** A comment, or a file that says `report`. */
function said(position: number, type: string, tag: string): Happened {
  const attachment = createHash('sha256').update('report').digest('hex');
  const envelope = {
    type,
    stream: 'change-request/CR-2026-0001',
    actor: { kind: 'person' },
    reason: { text: type === 'AttachmentAdded' ? `a file: ${tag}` : 'as the page says' },
    data: type === 'AttachmentAdded' ? { attachment } : { text: `it runs: ${tag}` },
  };
  return { position, cursor: String(position), sha256: '', envelope } as unknown as Happened;
}

const OF = { round: 1, request: 'CR-2026-0001' };
const attached = (tag: string, text: string): Entry => {
  const outcome: Outcome = { kind: 'acknowledged', id: OF.request, status: 'drafted', cursor: '5' };
  return { ...OF, tag, command: 'attach', content: { text }, outcome };
};
const commented = (tag: string): Entry => ({
  ...OF,
  tag,
  command: 'comment',
  content: {},
  outcome: ACKNOWLEDGED,
});

function findings(outcome: Outcome, ...events: Happened[]): readonly string[] {
  const found = new Findings();
  compareCommands([entry(outcome)], events, found);
  return found.all;
}

const ACKNOWLEDGED: Outcome = {
  kind: 'acknowledged',
  id: 'CR-2026-0001',
  status: 'drafted',
  cursor: '4',
};
const REFUSED: Outcome = { kind: 'refused', status: 409, code: 'not-allowed-in-status' };
const UNKNOWN: Outcome = { kind: 'unknown', why: 'the connection was cut' };

describe('commands against the record', () => {
  it('has nothing to say of what is as it must be', () => {
    expect(findings(ACKNOWLEDGED, drafted(4, 'F-1-1'))).toEqual([]);
    expect(findings(REFUSED)).toEqual([]);
    expect(findings(UNKNOWN)).toEqual([]);
    expect(findings(UNKNOWN, drafted(4, 'F-1-1'))).toEqual([]);
  });

  it('finds a comment by its words, and a file by its digest', () => {
    const found = new Findings();
    const [comment, file] = [said(4, 'ChangeCommented', 'F-1-2'), said(5, 'AttachmentAdded', 'F-1-3')];
    compareCommands([attached('F-1-3', 'report'), commented('F-1-2')], [comment, file], found);
    expect(found.all).toEqual([]);
    compareCommands([attached('F-1-3', 'another'), commented('F-1-2')], [comment, file, comment], found);
    expect(found.all.join('\n')).toMatch(/attach F-1-3 .* stands otherwise/);
    compareCommands([attached('F-1-3', 'report')], [file, said(6, 'AttachmentAdded', 'F-1-3')], found);
    expect(found.all.join('\n')).toMatch(/attach F-1-3 .* is 2 times in the record/);
  });

  it.each([
    ['lost', ACKNOWLEDGED, [], /is 0 times in the record/],
    ['applied twice', ACKNOWLEDGED, [drafted(4, 'F-1-1'), drafted(5, 'F-1-1')], /is 2 times in the record/],
    ['elsewhere', ACKNOWLEDGED, [drafted(7, 'F-1-1')], /stands at 7/],
    ['something else', ACKNOWLEDGED, [drafted(4, 'F-1-1', '2')], /stands otherwise/],
    ['refused and done', REFUSED, [drafted(4, 'F-1-1')], /was refused, and is in the record/],
    ['unknown and twice', UNKNOWN, [drafted(4, 'F-1-1'), drafted(5, 'F-1-1')], /was applied 2 times/],
    ["nobody's", UNKNOWN, [drafted(4, 'F-1-2')], /nobody asked for it/],
  ])('finds what is %s', (_name, outcome, events, says) => {
    expect(findings(outcome, ...events).join('\n')).toMatch(says);
  });
});
