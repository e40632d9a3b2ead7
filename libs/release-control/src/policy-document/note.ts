import { createHash } from 'node:crypto';
import { noteVerifier, openNote, TlogError } from '#tlog';
import { ReleaseControlError } from '../domain/errors.js';
import { policyBytes, type PolicyDocument } from './document.js';
import { parsePolicy } from './parse.js';

const HEADING = 'holdfast policy v1';

/** The text of the signed note (C2SP signed-note) that stands beside a policy document: what it is, for whom, when, and its SHA-256. */
export function policyNoteText(document: PolicyDocument): string {
  return noteText(document.ring, document.position, policyBytes(document));
}

/** The name of the key that signs a site's policies. */
export function policyKeyName(origin: string): string {
  return `${origin}/policy`;
}

/** What a proxy expects a policy document to be, all of it known before the document is read. */
export interface PolicyExpectation {
  /** The site's policy key, pinned when the node was set up. */
  readonly vkey: string;
  readonly origin: string;
  readonly ring: string;
}

/**
 * Reads a document that somebody hands us: the database, or a disk. Nothing of it is believed before the note over these exact bytes
 * verifies under the pinned key.
 *
 * @throws ReleaseControlError `policy-bad-signature`, `policy-malformed`, `policy-of-another-ring`, `policy-of-another-site`
 */
export function openPolicy(
  source: { readonly document: Uint8Array; readonly note: string },
  expected: PolicyExpectation,
): PolicyDocument {
  const text = openSignedText(source.note, expected.vkey);
  const document = parsePolicy(source.document);
  if (text !== noteText(document.ring, document.position, source.document)) {
    throw new ReleaseControlError('policy-bad-signature', 'the signature is over another document');
  }
  if (document.origin !== expected.origin) {
    throw new ReleaseControlError(
      'policy-of-another-site',
      `the document is of ${document.origin}, not of ${expected.origin}`,
    );
  }
  if (document.ring !== expected.ring) {
    throw new ReleaseControlError(
      'policy-of-another-ring',
      `the document is for ring ${document.ring}, not ${expected.ring}`,
    );
  }
  return document;
}

/** The text of a note that verifies under the pinned key. @throws ReleaseControlError `policy-bad-signature` */
export function openSignedText(note: string, vkey: string): string {
  try {
    return openNote(note, [noteVerifier(vkey)]).text;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new ReleaseControlError(
      'policy-bad-signature',
      `the policy's note does not verify: ${error.message}`,
      { cause: error },
    );
  }
}

function noteText(ring: string, position: string, bytes: Uint8Array): string {
  return `${HEADING}\n${ring}\n${position}\n${signedDigest(bytes)}\n`;
}

/** As a note says it: SHA-256 in base64. */
export function signedDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
