import { describe, expect, it } from 'vitest';
import { noteSigner, signNote, type NoteSigner } from '#tlog';
import { releasePolicy } from '../domain/release-policy/release-policy.js';
import { emptyPolicy, type ReleasePolicy } from '../domain/release-policy/state.js';
import { buildPolicy } from './build.js';
import { policyBytes, type PolicyDocument } from './document.js';
import { openPolicy, policyKeyName, policyNoteText } from './note.js';

const ORIGIN = 'holdfast.example.test/site-a';
const policyKey = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
const expected = { vkey: policyKey.vkey, origin: ORIGIN, ring: 'default' };

const target = {
  format: 'snap',
  subject: 'id-of-lab-hello',
  channel: 'latest/stable',
  architecture: 'amd64',
};
const policy: ReleasePolicy = releasePolicy.evolve(emptyPolicy, {
  type: 'OverrideSet',
  data: {
    target,
    name: 'lab-hello',
    old: null,
    new: { version: '1', manifest: 'a'.repeat(64) },
    changeRequest: 'CR-2026-0001',
  },
});
const at = { origin: ORIGIN, ring: 'default', position: '41', root: 'cm9vdA==' };
const document = buildPolicy(policy, at);

function signed(what: PolicyDocument, signer: NoteSigner = policyKey) {
  return { document: policyBytes(what), note: signNote(policyNoteText(what), [signer]) };
}

function edited(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString().replace(from, to));
}

const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('a policy document', () => {
  it('opens under the pinned key, for its site and ring', () => {
    expect(openPolicy(signed(document), expected)).toEqual(document);
  });

  it('is the same bytes for the same history, whatever the order of the targets', () => {
    const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) => ({
      type: 'OverrideSet' as const,
      data: {
        target: { ...target, architecture },
        name: 'lab-hello',
        old: null,
        new: { version: '1', manifest: 'a'.repeat(64) },
        changeRequest: 'CR-2026-0001',
      },
    }));
    if (!amd64 || !arm64) throw new Error('two architectures');
    const bytes = [
      [amd64, arm64],
      [arm64, amd64],
    ].map((events) => policyBytes(buildPolicy(events.reduce(releasePolicy.evolve, emptyPolicy), at)));
    expect(bytes[0]).toEqual(bytes[1]);
  });

  it('has lists once a snap is on one, and is as it always was without', () => {
    const listing = { format: 'snap', subject: 'id-of-lab-tool', name: 'lab-tool' };
    const denied = releasePolicy.evolve(policy, {
      type: 'SnapDenied',
      data: { ...listing, old: null, new: 'denied', changeRequest: 'CR-2026-0002' },
    });
    const withLists = buildPolicy(denied, at);
    expect(openPolicy(signed(withLists), expected)).toEqual({
      ...document,
      v: 2,
      denied: [listing],
      allowed: [],
      blocked: [],
    });
    const unlisted = releasePolicy.evolve(denied, {
      type: 'SnapUnlisted',
      data: { ...listing, old: 'denied', new: null, changeRequest: 'CR-2026-0003' },
    });
    expect(buildPolicy(unlisted, at)).toEqual(document);
  });

  it('is refused when a byte of it was edited', () => {
    const { document: bytes, note } = signed(document);
    const source = { document: edited(bytes, '"version":"1"', '"version":"9"'), note };
    expect(() => openPolicy(source, expected)).toThrow(refusal('policy-bad-signature'));
  });

  it('is refused when its position was edited, in the document and in the note', () => {
    const { document: bytes, note } = signed(document);
    const source = { document: edited(bytes, '"41"', '"99"'), note: note.replace('\n41\n', '\n99\n') };
    expect(() => openPolicy(source, expected)).toThrow(refusal('policy-bad-signature'));
  });

  it('is refused when another key signed it, also one of the same name', () => {
    const impostor = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 2));
    expect(() => openPolicy(signed(document, impostor), expected)).toThrow(refusal('policy-bad-signature'));
  });

  it('is refused when it has no note', () => {
    const source = { document: policyBytes(document), note: '' };
    expect(() => openPolicy(source, expected)).toThrow(refusal('policy-bad-signature'));
  });

  it('is refused when it is another ring’s, or another site’s', () => {
    const ring = signed({ ...document, ring: 'pilot' });
    const site = signed({ ...document, origin: 'holdfast.example.test/site-b' });
    expect(() => openPolicy(ring, expected)).toThrow(refusal('policy-of-another-ring'));
    expect(() => openPolicy(site, expected)).toThrow(refusal('policy-of-another-site'));
  });

  it.each([
    ['no JSON', 'x'],
    ['a list', '[]'],
    ['another version', '{"v":3}'],
    ['a member of a later release', JSON.stringify({ ...document, only: [] })],
    ['lists in the first version', JSON.stringify({ ...document, denied: [], allowed: [] })],
    ['one list of three', JSON.stringify({ ...document, v: 2, denied: [] })],
    [
      'a listed snap without an id',
      JSON.stringify({ ...document, v: 2, denied: [{}], allowed: [], blocked: [] }),
    ],
    [
      'an entry with a member of a later release',
      JSON.stringify({ ...document, entries: [{ ...document.entries[0], until: '2027' }] }),
    ],
    ['no entries', JSON.stringify({ ...document, entries: undefined })],
    [
      'an entry without a manifest',
      JSON.stringify({ ...document, entries: [{ ...document.entries[0], manifest: '' }] }),
    ],
    ['a negative position', JSON.stringify({ ...document, position: '-1' })],
    ['an unknown access policy', JSON.stringify({ ...document, access: 'ajar' })],
  ])('with %s is malformed, whoever signed it', (_what, text) => {
    const source = { document: Buffer.from(text), note: signed(document).note };
    expect(() => openPolicy(source, expected)).toThrow(refusal('policy-malformed'));
  });
});
