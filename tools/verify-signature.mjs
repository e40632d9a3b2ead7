#!/usr/bin/env node
// Verifies the signatures that security keys made (W3C WebAuthn, 7.2), from the records alone; and of every other signature, that it is of the record that it stands in.
//
//   node verify-signature.mjs LEDGER CR-2026-0042        LEDGER: a copy of the ledger's folder; the key is looked up in it too
//   node verify-signature.mjs change.json                what `holdfast change show CR-2026-0042 --format json` printed
//
// The same of a review: TR-0042, or what `holdfast review show TR-0042 --format json` printed.
//
// Needs Node 18 or later, and nothing else: no package, no network, no Holdfast. It is short, so that you can read it before you trust it.
// That the ledger itself was not rewritten is another check: docs/how-to/verify-a-history.md.
// Exit code: 0 all hold, 1 one does not, 2 there is none of a security key that could be checked.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const say = (line) => process.stdout.write(`${line}\n`);
const complain = (line) => process.stderr.write(`${line}\n`);
const base64url = (text) => Buffer.from(text, 'base64url');

/** RFC 8785: members sorted by UTF-16 code units, no blanks; numbers and texts as JavaScript writes them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}
const digestOf = (value) => sha256(canonical(value)).toString('hex');

const FIVE_MINUTES = 300_000;
const OTHER_RECORD = 'the record is not the one that was signed';

/** What is wrong with one signature, in words; empty when it holds. `reason`, `site` and `enrolled` are as the source has them; `site` and `enrolled` are undefined where it does not say. */
function faultsOf({ signature, reason, enrolled, site }, record) {
  const { statement, credentialId, publicKey, algorithm, rpId, origin, ...bytes } = signature.securityKey;
  const clientDataJSON = base64url(bytes.clientDataJSON);
  const authenticatorData = base64url(bytes.authenticatorData);
  const client = JSON.parse(clientDataJSON);
  const flags = authenticatorData[32];
  const hash = algorithm === -8 ? null : 'sha256'; // -7: ECDSA on P-256, -257: RSA, both with SHA-256; -8: Ed25519
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const kind = { [-7]: 'ec', [-8]: 'ed25519', [-257]: 'rsa' }[algorithm];
  const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
  const waited = Date.parse(signature.signedAt) - Date.parse(statement.at);
  const checks = {
    [OTHER_RECORD]: digestOf(record) === statement.recordDigest,
    'the signature names another digest than the statement':
      signature.recordDigest === statement.recordDigest,
    'it was made for another record':
      statement.recordKind === record.record && statement.record === record.id,
    'it was made with another meaning': statement.meaning === signature.meaning,
    'it was made by another signer': statement.person === signature.signer,
    'it was made under another name': statement.printedName === signature.printedName,
    'it was made for another reason': digestOf(reason) === statement.reasonDigest,
    'it was not made when it says': waited >= 0 && waited < FIVE_MINUTES,
    'it was made for another site': site === undefined || statement.site === site,
    'it is no signature of a record':
      statement.form === 'holdfast/security-key/v1' && statement.for === 'signature',
    'the key was asked something else than the statement':
      client.challenge === sha256(canonical(statement)).toString('base64url'),
    'the key was not asked by that page':
      client.type === 'webauthn.get' && client.origin === origin && client.crossOrigin !== true,
    'the page was not of that host':
      new URL(origin).hostname === rpId && authenticatorData.subarray(0, 32).equals(sha256(rpId)),
    'nobody touched the key': (flags & 0x01) !== 0,
    'the key alone signed, and had not made sure of its person':
      signature.components.length > 1 || (flags & 0x04) !== 0,
    "the key's signature is not good":
      key.asymmetricKeyType === kind && verify(hash, signed, key, base64url(bytes.signature)),
    "the key was not the signer's then":
      enrolled === undefined ||
      enrolled.some((each) => each.credentialId === credentialId && each.publicKey === publicKey),
  };
  return Object.keys(checks).filter((fault) => !checks[fault]);
}

/** The same of what may be malformed. */
function faultsIn(one, record) {
  try {
    return faultsOf(one, record);
  } catch (error) {
    return [`it cannot be read: ${error.message}`];
  }
}

/** Of a signature by password, code or single sign-on: it is over this record, and was not copied from another. Who made it is the site's word. */
function faultsWithoutKey({ signature }, record) {
  return digestOf(record) === signature.recordDigest ? [] : [OTHER_RECORD];
}

/** Events that each hold one signature. */
const SIGNED = [
  'ChangeAuthored',
  'ChangeReviewed',
  'ApprovalSigned',
  'TemplateUseSigned',
  'ChangeApproved',
  'ChangeRejected',
  'StageSigned',
  'StageReviewed',
  'EmergencyReleased',
  'RatificationSigned',
  'EmergencyRatified',
  'RatificationRefused',
  'ReviewSigned',
  'ReviewCompleted',
];

/** What an author signs as they submit it: what they say, and nothing of what became of it. */
const draftOf = ({ submittedAt, changes, ...said }) => ({ ...said, record: 'change-draft' });

/** From what `change show` printed. At which site it was, and whose the key was, is in the ledger alone. */
function fromJson(file) {
  const view = JSON.parse(readFileSync(file, 'utf8'));
  // What was signed of an earlier revision is in the history alone.
  const since = view.history.slice(view.history.findLastIndex(({ type }) => type === 'ChangeRevised') + 1);
  const isUse = ({ type }) => type === 'TemplateUseSigned';
  const reasons = since
    .filter((line) => SIGNED.includes(line.type) && !isUse(line))
    .map(({ reason }) => reason);
  const signatures = view.signatures.filter(({ meaning }) => meaning !== 'released-by-template');
  // It stands by itself: where its template does not apply, it is no signature of the request.
  const used = view.standardChange?.use?.signature;
  return {
    request: { record: view.record.content ? 'review' : 'change-request', ...view.record },
    use: view.standardChange && { record: 'standard-change', ...view.standardChange.record },
    release: view.emergency && { record: 'emergency-release', ...view.emergency.record },
    made: [
      ...(used ? [{ signature: used, reason: since.findLast(isUse)?.reason }] : []),
      ...signatures.map((signature, i) => ({ signature, reason: reasons[i] })),
    ],
  };
}

/** Its author signs the draft, who uses a template the request before its capture, whoever ratifies the release as it was made, everybody else the record. */
function signedIn({ request, release, use, files }, meaning) {
  if (meaning === 'authored') return draftOf(request);
  if (meaning === 'released-by-template') return use ?? useOf({ request, files });
  return meaning.startsWith('ratif') ? release : request;
}

/** From the ledger (C2SP tlog-tiles): each entry of a bundle is two bytes of length, and an event as canonical JSON. */
function fromLedger(folder, id) {
  const [site, size] = readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n');
  const stream = isReview(id) ? `review/${id}` : `change-request/${id}`;
  const found = { request: { record: stream.split('/')[0] }, files: [], release: null, made: [] };
  const keys = new Map();
  for (const event of eventsOf(folder, Number(size))) {
    const person = event.stream.startsWith('person/') ? event.stream.slice('person/'.length) : undefined;
    if (person !== undefined) follow(keys, person, event);
    if (event.stream !== stream) continue;
    assemble(found, event);
    const { signature, policyVersion, roles, ratifyBy, soakPassedOver } = event.data;
    if (event.type === 'ChangeAuthored' && found.files.length > 0)
      found.request.attachments = [...found.files];
    if (event.type === 'EmergencyReleased') {
      const release = { ...signature, policyVersion, roles };
      found.release = { ...found.request, record: 'emergency-release', release, ratifyBy };
      // What it passed over is signed with it, where it was anything.
      if (soakPassedOver !== undefined) found.release.soakPassedOver = soakPassedOver;
    }
    if (SIGNED.includes(event.type)) {
      const enrolled = keys.get(signature.signer) ?? [];
      // What is said of a record after a signature voids it: each is of the record as it was; whoever ratifies signs the release.
      const record = structuredClone(signedIn(found, signature.meaning));
      found.made.push({ signature, reason: event.reason, site, enrolled, record });
    }
  }
  return found;
}

/** A standard change as it is signed: nothing of it is handed in or captured yet. */
function useOf({ request, files = [] }) {
  const { submittedAt, changes, attachments, ...asked } = request;
  return { ...asked, record: 'standard-change', ...(files.length > 0 ? { attachments: [...files] } : {}) };
}

function* eventsOf(folder, size) {
  for (let index = 0; index * 256 < size; index++) {
    const groups = String(index)
      .padStart(Math.ceil(String(index).length / 3) * 3, '0')
      .match(/.{3}/g);
    const width = Math.min(256, size - index * 256);
    const name =
      groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/') +
      (width < 256 ? `.p/${width}` : '');
    const bundle = readFileSync(join(folder, 'tile', 'entries', name));
    for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at))
      yield JSON.parse(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)));
  }
}

/** A person's keys as they are at this event. */
function follow(keys, person, { type, data }) {
  const held = keys.get(person) ?? [];
  if (type === 'SecurityKeyEnrolled') keys.set(person, [...held, data.key]);
  if (type === 'SecurityKeyRemoved')
    keys.set(
      person,
      held.filter((key) => key.id !== data.key),
    );
  if (type === 'PersonReset' || type === 'PersonDisabled') keys.delete(person);
}

/** The record that is signed, from the events that make it. Long lists come in parts; a new submission begins its own anew. */
function assemble({ request: record, files }, { type, data }) {
  const before = (list) => (data.part && data.part[0] > 1 ? list : []);
  if (type === 'ChangeDrafted' || type === 'ChangeRevised') {
    const { part, from, window, ticket, items, ...said } = data;
    Object.assign(record, said, { items: [...before(record.items), ...items] });
    // A revision is no standard change.
    if (type === 'ChangeRevised') delete record.template;
    // Only what is said is in the record.
    for (const [name, value] of Object.entries({ window, ticket }))
      if (value && Object.keys(value).length > 0) record[name] = value;
      else delete record[name];
  }
  if (type === 'ChangeHandedOver') record.author = data.new;
  if (type === 'AttachmentAdded') files.push(data);
  if (type === 'ChangeSubmitted') {
    record.submittedAt = data.at;
    if (files.length > 0) record.attachments = [...files];
  }
  if (type === 'ArtefactsCaptured') record.changes = [...before(record.changes), ...data.changes];
  if (type === 'ReviewOpened') {
    const { id, openedBy, openedAt, reason, nextDue, content, lines } = data;
    const all = [...before(record.content?.lines), ...lines];
    const opening = { id, openedBy, openedAt, reason, nextDue, content: { ...content, lines: all } };
    Object.assign(record, opening, { decisions: [], findings: [] });
  }
  if (type === 'RightsDecided') {
    const said = new Map([...record.decisions, ...data.decisions].map((each) => [each.line, each]));
    record.decisions = [...said.values()].sort((a, b) => a.line - b.line);
  }
  if (type === 'FindingRecorded') record.findings = [...record.findings, data.finding];
}

const isReview = (id) => /^(AR|PR|TR)-/.test(id);

/** What was given; a wrong path, or a damaged file, says nothing of a signature. */
function read() {
  try {
    return isFolder ? fromLedger(source, id) : fromJson(source);
  } catch (error) {
    complain(`${source} cannot be read: ${error.message}`);
    process.exit(2);
  }
}

const [source, id] = process.argv.slice(2);
const isFolder = source !== undefined && statSync(source, { throwIfNoEntry: false })?.isDirectory();
if (source === undefined || (isFolder && id === undefined)) {
  complain('usage: node verify-signature.mjs LEDGER CR-2026-0042 | node verify-signature.mjs change.json');
  process.exit(2);
}
const found = read();
const { request, made } = found;
let checked = 0;
const byKey = made.filter(({ signature }) => signature.securityKey);
for (const one of made) {
  const { printedName, meaning, signedAt, components, securityKey, recordDigest } = one.signature;
  const what = `${request.id}: ${meaning} by ${printedName} at ${signedAt} (${components.join(', ')})`;
  const now = signedIn(found, meaning);
  const isVoid = !meaning.startsWith('ratif') && recordDigest !== digestOf(now);
  if (isVoid && !one.record && one.signature.counts === false) {
    say(`void     ${what}: the record was changed after it; the ledger has what it was`);
    continue;
  }
  const record = one.record ?? now;
  const faults = securityKey ? faultsIn(one, record) : faultsWithoutKey(one, record);
  if (securityKey) checked += 1;
  const since = isVoid ? '; void: the record was changed after it' : '';
  if (faults.length > 0) {
    process.exitCode = 1;
    say(`FAILED   ${what}\n         ${faults.join('\n         ')}`);
  } else if (securityKey) {
    say(`good     ${what}, asked at ${securityKey.statement?.at} by ${securityKey.origin}${since}`);
  } else {
    say(`no key   ${what}: over this record, and made by Holdfast's word alone${since}`);
  }
}
if (checked === 0) {
  complain(`${request.id ?? id}: no signature of a security key that could be checked`);
  process.exitCode ??= 2;
} else if (byKey.some(({ enrolled }) => enrolled === undefined)) {
  complain("Whose the keys are, and at which site, was not looked up: give the ledger's folder for that.");
}
