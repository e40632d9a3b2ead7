import { ReleaseControlError } from '../domain/errors.js';
import { openSignedText, signedDigest, type PolicyExpectation } from '../policy-document/note.js';
import { membershipBytes, type MembershipDocument } from './document.js';
import { parseMembership } from './parse.js';

const HEADING = 'holdfast membership v1';

/** The text of the signed note that stands beside a membership document: what it is, when, and its SHA-256. */
export function membershipNoteText(document: MembershipDocument): string {
  return noteText(document.position, membershipBytes(document));
}

/**
 * As `openPolicy`, of who is in which ring: nothing of it is believed before the note over these exact bytes verifies under the pinned key.
 * @throws ReleaseControlError `policy-bad-signature`, `policy-malformed`, `policy-of-another-site`
 */
export function openMembership(
  source: { readonly document: Uint8Array; readonly note: string },
  expected: Pick<PolicyExpectation, 'vkey' | 'origin'>,
): MembershipDocument {
  const text = openSignedText(source.note, expected.vkey);
  const document = parseMembership(source.document);
  if (text !== noteText(document.position, source.document))
    throw new ReleaseControlError(
      'policy-bad-signature',
      'the signature is over another membership document',
    );
  if (document.origin !== expected.origin)
    throw new ReleaseControlError(
      'policy-of-another-site',
      `the membership document is of ${document.origin}, not of ${expected.origin}`,
    );
  return document;
}

function noteText(position: string, bytes: Uint8Array): string {
  return `${HEADING}\n${position}\n${signedDigest(bytes)}\n`;
}
