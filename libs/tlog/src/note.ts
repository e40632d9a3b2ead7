import { decodeBase64 } from './base64.js';
import { TlogError } from './errors.js';
import { isKeyName, type NoteSigner, type NoteVerifier } from './note-keys.js';

export interface OpenedNote {
  /** What was signed, with its last newline. */
  readonly text: string;
  /** Names of the trusted keys that signed, in the order of the note. */
  readonly signers: readonly string[];
}

/** Hostile notes are cut off here: the specification asks that at least 16 signatures be read. */
const MAX_SIGNATURES = 100;
const MAX_NOTE_LENGTH = 1_000_000;

/**
 * A C2SP signed note, v1.0.0: the text, an empty line, a line for each signature.
 * @throws TlogError `malformed-note` for a text that cannot be signed (it must end in a newline; no control characters)
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!isNoteText(text))
    throw new TlogError('malformed-note', 'the text of a note is lines of UTF-8, each ended by a newline');
  return `${text}\n${signers.map((signer) => signer.sign(text)).join('')}`;
}

/**
 * Opens a note for whoever trusts `verifiers`. Signatures of other keys are ignored, as the specification asks, so that a log can add some.
 * @throws TlogError `malformed-note`, `bad-signature` (a trusted key is named and the signature isn't its), `no-trusted-signature`
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = splitNote(typeof note === 'string' ? note : decodeUtf8(note));
  const signers = new Set<string>();
  for (const signature of signatures) {
    const verifier = verifiers.find(
      (known) => known.name === signature.name && known.keyId === signature.keyId,
    );
    if (!verifier) continue;
    if (!verifier.verifies(text, signature.bytes)) {
      throw new TlogError('bad-signature', `the signature that is said to be by ${verifier.name} is not`);
    }
    signers.add(verifier.name);
  }
  if (signers.size === 0) {
    const named = signatures.map((signature) => signature.name).join(', ');
    throw new TlogError('no-trusted-signature', `signed by ${named}; none of these keys is trusted here`);
  }
  return { text, signers: [...signers] };
}

interface SignatureLine {
  readonly name: string;
  readonly keyId: number;
  readonly bytes: Buffer;
}

function splitNote(note: string): { text: string; signatures: SignatureLine[] } {
  if (note.length > MAX_NOTE_LENGTH) throw malformed('it is too long');
  if (!isNoteText(note)) throw malformed('it is not lines of UTF-8, each ended by a newline');
  // The text may hold empty lines itself: the last one separates.
  const separator = note.lastIndexOf('\n\n');
  const lines = note
    .slice(separator + 2)
    .split('\n')
    .slice(0, -1);
  if (separator < 0 || lines.length === 0) throw malformed('it has no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed('it has too many signatures');
  return { text: note.slice(0, separator + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): SignatureLine {
  const [dash, name = '', encoded = '', ...more] = line.split(' ');
  const bytes = decodeBase64(encoded);
  if (dash !== '\u2014' || !isKeyName(name) || !bytes || bytes.length < 5 || more.length > 0) {
    throw malformed('a line behind its text is not a signature');
  }
  return { name, keyId: bytes.readUInt32BE(0), bytes: bytes.subarray(4) };
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.isWellFormed() && !hasControlCharacter(text);
}

/** Those below U+0020 but the newline, as the specification has it. */
function hasControlCharacter(text: string): boolean {
  return Array.prototype.some.call(text, (character: string) => character < ' ' && character !== '\n');
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TlogError('malformed-note', 'the note is not UTF-8', undefined, { cause });
  }
}

function malformed(why: string): TlogError {
  return new TlogError('malformed-note', `not a signed note: ${why}`);
}
