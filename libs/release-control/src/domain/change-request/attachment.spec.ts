import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { requireAttachable, type AttachedFile, type Attachment } from './attachment.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestEvent } from './events.js';
import { digestOf, recordOf } from './record.js';
import {
  ana,
  approve,
  captured,
  change,
  drafted,
  draftedData,
  item,
  recordDigest,
  refused,
  report,
  submitted,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

const FILE: AttachedFile = {
  name: 'test report – run 7.pdf',
  mediaType: 'application/pdf',
  size: 1234,
  attachment: 'a'.repeat(64),
  sha3_384: 'b'.repeat(96),
};
const attach = (more: Partial<AttachedFile> = {}, context = ana) =>
  ({ type: 'AttachFile', file: { ...FILE, ...more }, context }) as const;
const attached = (more: Partial<Attachment> = {}): ChangeRequestEvent => ({
  type: 'AttachmentAdded',
  data: { ...FILE, by: { id: 'id-of-Ana', name: 'Ana' }, at: ana.at, ...more },
});
const eva = byPerson('Eva', ['auditor']);
const byEva = { by: { id: 'id-of-Eva', name: 'Eva' } };

describe('a file of a draft', () => {
  it('is its author’s to add, and is in the record that is signed', () => {
    given(drafted).when(attach()).then(attached());
    given(drafted).when(attach({}, eva)).thenRefused('not-the-author');
    const state = fold(changeRequest, [drafted, attached(), submitted]);
    const digest = digestOf({
      ...draftedData,
      submittedAt: ana.at,
      attachments: [attachedData()],
      changes: [change],
    });
    given(drafted, attached(), submitted)
      .when(report)
      .then({ ...captured, data: { ...captured.data, recordDigest: digest } });
    expect(digest).not.toBe(recordDigest);
    expect(state).toMatchObject({ attachments: [FILE], files: [FILE] });
  });
  it('leaves the digest of a request without files as it was', () => {
    const record = recordOf({ ...draftedData, submittedAt: ana.at, changes: [change] });
    expect(record).not.toHaveProperty('attachments');
  });
});

describe('a file that comes after the request was handed in', () => {
  const open = [drafted, submitted, captured];
  it('is anybody’s to add, and changes nothing that is signed', () => {
    given(...open)
      .when(attach({}, eva))
      .then(attached(byEva));
    const state = fold(changeRequest, [...open, attached(byEva)]);
    expect(state).toMatchObject({ status: 'captured', recordDigest, files: [FILE] });
    expect(state).not.toHaveProperty('attachments');
    expect(changeRequest.decide(approve, state)).toMatchObject([{ type: 'ChangeApproved' }]);
  });
  it('is in the record of the next revision, and of what is handed in again', () => {
    const again: ChangeRequestEvent = {
      type: 'ChangeRevised',
      data: { revision: 2, from: 'captured', reason: ana.reason, items: [item] },
    };
    const handedIn: ChangeRequestEvent = { type: 'ChangeSubmitted', data: { submission: 2, at: ana.at } };
    for (const between of [[again], [refused]])
      expect(
        fold(changeRequest, [
          ...(between[0] === again ? open : [drafted, submitted]),
          attached(byEva),
          ...between,
          handedIn,
        ]),
      ).toMatchObject({ attachments: [{ ...FILE, ...byEva }] });
  });
});

describe('a file', () => {
  it.each([
    ['no name', { name: '' }],
    ['a way up', { name: '../../etc/passwd' }],
    ['a way up of Windows', { name: '..\\boot.ini' }],
    ['dots', { name: '..' }],
    ['a line break', { name: 'a.pdf\r\nSet-Cookie: x' }],
    ['a text that runs the other way', { name: 'report\u202Efdp.exe' }],
    ['a blank at its end', { name: 'report.pdf ' }],
    ['half a character', { name: 'a\ud800' }],
    ['a name without end', { name: 'a'.repeat(201) }],
    ['no media type', { mediaType: '' }],
    ['a media type with parameters', { mediaType: 'text/html; charset=utf-8' }],
    ['a media type with a line break', { mediaType: 'text/html\r\nx' }],
  ])('is refused with %s', (_what, wrong) =>
    given(drafted).when(attach(wrong)).thenRefused('invalid-attachment'),
  );
  it('is there once, by whatever name', () => {
    given(drafted, attached())
      .when(attach({ name: 'the same.pdf' }))
      .thenRefused('already-attached');
    given(drafted, attached())
      .when(attach({ attachment: 'c'.repeat(64) }))
      .then(attached({ attachment: 'c'.repeat(64) }));
  });
  it('is one of fifty at most', () => {
    const many = Array.from({ length: 50 }, (_, n) => attached({ attachment: String(n).padStart(64, '0') }));
    given(drafted, ...many)
      .when(attach())
      .thenRefused('too-many-attachments');
  });
  it('of which others bring forty at most: the rest is for the author', () => {
    const ofOthers = Array.from({ length: 40 }, (_, n) =>
      attached({ ...byEva, attachment: String(n).padStart(64, '0') }),
    );
    const open = [drafted, submitted, captured, ...ofOthers];
    given(...open)
      .when(attach({}, eva))
      .thenRefused('too-many-attachments');
    given(...open)
      .when(attach())
      .then(attached());
  });
  it('that has no place is refused before its bytes are taken', () => {
    const many = Array.from({ length: 50 }, (_, n) => attached({ attachment: String(n).padStart(64, '0') }));
    const full = fold(changeRequest, [drafted, ...many]);
    expect(() => requireAttachable(full, FILE, ana)).toThrow('has 50 attachments');
  });
  it('is of a request', () => given().when(attach()).thenRefused('no-such-change-request'));
});

function attachedData(): Attachment {
  return { ...FILE, by: { id: 'id-of-Ana', name: 'Ana' }, at: ana.at };
}
