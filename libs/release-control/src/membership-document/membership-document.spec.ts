import { describe, expect, it } from 'vitest';
import { noteSigner, signNote, type NoteSigner } from '#tlog';
import type { MembershipRule } from '../domain/membership/rule.js';
import { policyKeyName } from '../policy-document/note.js';
import { buildMembership } from './build.js';
import { membershipBytes, type MembershipDocument } from './document.js';
import { membershipNoteText, openMembership } from './note.js';

const ORIGIN = 'holdfast.example.test/site-a';
const key = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
const expected = { vkey: key.vkey, origin: ORIGIN };
const at = { origin: ORIGIN, position: '41', root: 'cm9vdA==' };

const model: MembershipRule = { of: 'model', brand: 'acme', model: 'gateway', network: '10.20.0.0/16' };
const serial: MembershipRule = { of: 'serial', brand: 'acme', model: 'gateway', serial: '1' };
const list = (version: number): MembershipRule => {
  return { of: 'list', list: 'lab', version, digest: 'd'.repeat(64), count: 1 };
};
const lists = new Map([
  ['lab', [1, 2].map((version) => ({ version, digest: '', count: 1, devices: [`acme/gateway/${version}`] }))],
]);
const rings = ['default', 'pilot', 'production'];
const document = buildMembership(
  {
    rings,
    members: new Map([
      ['production', [model, list(2)]],
      ['pilot', [serial, list(1)]],
    ]),
    lists,
  },
  at,
);

function signed(what: MembershipDocument, signer: NoteSigner = key) {
  return { document: membershipBytes(what), note: signNote(membershipNoteText(what), [signer]) };
}
const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('a membership document', () => {
  it('opens under the pinned key, for its site, with the rules in their order and the versions of the lists that they name', () => {
    const opened = openMembership(signed(document), expected);
    expect(opened.rules.map(({ ring, name }) => [ring, name])).toEqual([
      ['pilot', 'serial acme/gateway/1'],
      ['production', 'list lab'],
      ['pilot', 'list lab'],
      ['production', 'model acme/gateway in 10.20.0.0/16'],
    ]);
    expect(opened.lists).toEqual([
      { list: 'lab', version: 1, devices: ['acme/gateway/1'] },
      { list: 'lab', version: 2, devices: ['acme/gateway/2'] },
    ]);
  });

  it('is the same bytes for the same history', () => {
    const members = new Map([
      ['pilot', [list(1), serial]],
      ['production', [list(2), model]],
    ]);
    expect(membershipBytes(buildMembership({ rings, members, lists }, at))).toEqual(
      membershipBytes(document),
    );
  });

  it('is refused when another key signed it, when a byte differs, and of another site', () => {
    const other = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 2));
    expect(() => openMembership(signed(document, other), expected)).toThrow(refusal('policy-bad-signature'));
    const { document: bytes, note } = signed(document);
    const edited = Buffer.from(Buffer.from(bytes).toString().replace('acme/gateway/1', 'acme/gateway/9'));
    expect(() => openMembership({ document: edited, note }, expected)).toThrow(
      refusal('policy-bad-signature'),
    );
    expect(() => openMembership(signed(document), { ...expected, origin: 'elsewhere' })).toThrow(
      refusal('policy-of-another-site'),
    );
  });

  it.each([
    ['a member that is not known', { ...document, more: 1 }],
    ['another version', { ...document, v: 2 }],
    ['a rule of another kind', { ...document, rules: [{ of: 'phase', ring: 'pilot', name: 'x' }] }],
    [
      'a rule with a member that is not known',
      { ...document, rules: [{ ...serial, ring: 'p', name: 'x', until: '' }] },
    ],
    [
      'a network that is none',
      { ...document, rules: [{ ...serial, ring: 'p', name: 'x', network: '10/8' }] },
    ],
    ['a list that is not there', { ...document, lists: [] }],
    ['a device that is none', { ...document, lists: [{ list: 'lab', version: 1, devices: ['acme'] }] }],
  ])('with %s is refused whole', (_what, value) => {
    const wrong = value as unknown as MembershipDocument;
    expect(() => openMembership(signed(wrong), expected)).toThrow(refusal('policy-malformed'));
  });
});
