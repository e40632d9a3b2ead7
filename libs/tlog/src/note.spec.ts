import { describe, expect, it } from 'vitest';
import { noteSigner, noteVerifier, openNote, signNote, TlogError, type TlogErrorCode } from '#tlog';

/** The example of the specification (C2SP signed-note v1.0.0). */
const EXAMPLE = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  text: 'This is an example message.\n',
  signature: 'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=',
};
const note = `${EXAMPLE.text}\n\u2014 example.com/foo ${EXAMPLE.signature}\n`;
const verifier = noteVerifier(EXAMPLE.vkey);
const stranger = noteSigner('stranger.example', Buffer.alloc(32, 9));

function refusal(act: () => unknown): TlogErrorCode | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof TlogError) return error.code;
    throw error;
  }
  return undefined;
}

describe('openNote', () => {
  it("opens the specification's example", () => {
    expect(openNote(note, [verifier])).toEqual({ text: EXAMPLE.text, signers: ['example.com/foo'] });
    expect(openNote(Buffer.from(note), [verifier]).text).toBe(EXAMPLE.text);
  });

  it('refuses a trusted key whose signature is another text’s, even beside a good signature', () => {
    const forged = note.replace('example message', 'exemple message');
    expect(refusal(() => openNote(forged, [verifier]))).toBe('bad-signature');
    const resigned = forged + stranger.sign('This is an exemple message.\n');
    expect(refusal(() => openNote(resigned, [verifier, noteVerifier(stranger.vkey)]))).toBe('bad-signature');
  });

  it('ignores signatures of keys that it does not know', () => {
    const twice = note + stranger.sign(EXAMPLE.text);
    expect(openNote(twice, [verifier]).signers).toEqual(['example.com/foo']);
    expect(openNote(twice, [verifier, noteVerifier(stranger.vkey)]).signers).toEqual([
      'example.com/foo',
      'stranger.example',
    ]);
  });

  it('does not take a known name with an unknown key for a known key', () => {
    const namesake = noteSigner('example.com/foo', Buffer.alloc(32, 7));
    expect(refusal(() => openNote(signNote(EXAMPLE.text, [namesake]), [verifier]))).toBe(
      'no-trusted-signature',
    );
  });

  it('reads at least 16 signatures', () => {
    const strangers = Array.from({ length: 16 }, (_, i) =>
      noteSigner(`s${i}.example`, Buffer.alloc(32, i + 1)),
    );
    expect(
      openNote(note + strangers.map((s) => s.sign(EXAMPLE.text)).join(''), [verifier]).signers,
    ).toHaveLength(1);
  });

  it('separates at the last empty line', () => {
    const text = 'first\n\nsecond\n';
    expect(openNote(signNote(text, [stranger]), [noteVerifier(stranger.vkey)]).text).toBe(text);
  });

  it.each([
    ['no signature', `${EXAMPLE.text}\n`],
    ['no separator', note.replace('\n\n', '\n')],
    ['no last newline', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('\u2014', '-')],
    ['something behind the signature', note.replace(/=\n$/, '= x\n')],
    ['a second spelling of the base64', note.replace(/=\n$/, '\n')],
    ['a control character', note.replace('an', 'a\u0007n')],
    ['a carriage return', note.replace('\n', '\r\n')],
  ])('refuses %s', (_, broken) => {
    expect(refusal(() => openNote(broken, [verifier]))).toBe('malformed-note');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(() => openNote(Buffer.from([0xff, 0x0a, 0x0a]), [verifier]))).toBe('malformed-note');
  });
});

describe('noteVerifier', () => {
  it.each([
    ['an id that is not the key’s', EXAMPLE.vkey.replace('530d903a', '530d903b')],
    ['a short key', 'example.com/foo+530d903a+AekyeRrm'],
    ['an unknown algorithm', EXAMPLE.vkey.replace('+Aeky', '+Beky')],
    ['no name', EXAMPLE.vkey.replace('example.com/foo', '')],
    ['a space in the name', EXAMPLE.vkey.replace('/', ' ')],
  ])('refuses %s', (_, vkey) => {
    expect(refusal(() => noteVerifier(vkey))).toBe('malformed-key');
  });
});

describe('signNote', () => {
  it('refuses a text without its newline', () => {
    expect(refusal(() => signNote('open end', [stranger]))).toBe('malformed-note');
  });
  it.each(['with space', 'with+plus', '', 'new\nline'])('refuses %j as the name of a key', (name) => {
    expect(refusal(() => noteSigner(name, Buffer.alloc(32)))).toBe('malformed-key');
  });
});
