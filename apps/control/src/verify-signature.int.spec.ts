import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEvent } from '#kernel';
import { MemoryLog, noteSigner, noteVerifier, verifyLog } from '#tlog';
import { releaseControlProjections } from '#release-control/projections';
import { capturedRequest, type CapturedRequest } from '#test/support/captured-request';
import { CONTROL_URL, ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { ledgerOfEvents, SIGNATURE_SCRIPT, verifySignatures } from '#test/support/ledger-of-events';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { releasedEmergency } from '#test/support/released-emergency';
import { revisedRequest } from '#test/support/revised-request';
import { TestSecurityKey } from '#test/support/security-key';

const run = promisify(execFile);

interface Event {
  readonly type: string;
  readonly stream: string;
  readonly reason: { text: string };
  readonly data: Record<string, unknown>;
}

let control: ControlUnderTest;
let root: string;
let session: string;
let key: TestSecurityKey;
/** Requests: one that was approved, one that was rejected, one that was ratified, and one that was revised. */
let events: readonly Event[];
const components = { password: PASSWORD, reason: REASON };

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-signatures-'));
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'ben', ['approver']);
  session = await control.signIn('ben');
  key = new TestSecurityKey(CONTROL_URL);
  const { options } = await ask('/v1/me/security-keys', { name: 'blue one', ...components });
  await ask('/v1/me/security-keys/confirm', key.register(options));
  for (const [number, verb, meaning] of [
    [1, 'approve', 'approved'],
    [2, 'reject', 'rejected'],
  ] as const) {
    // The second one by the key alone, within the period that the first one opened.
    const first = number === 1 ? components : { reason: REASON };
    await sign(verb, meaning, await capturedRequest(control, number), first);
  }
  const { id, releaseDigest } = await releasedEmergency(control, 3);
  await sign('ratify', 'ratified', { id, recordDigest: releaseDigest });
  const rejected = (first: CapturedRequest) => sign('reject', 'rejected', first);
  await sign('approve', 'approved', await revisedRequest(control, 5, rejected));
  const all: Event[] = [];
  for await (const append of control.adapters.store.readAll(null)) {
    for (const { bytes } of append.events) all.push(JSON.parse(Buffer.from(bytes).toString()) as Event);
  }
  events = all;
});
afterAll(async () => {
  await control.stop();
  await rm(root, { recursive: true, force: true });
});

async function ask(url: string, body: object): Promise<Record<string, unknown>> {
  const { status, text, json } = await control.ask('POST', url, { token: session, body });
  if (status >= 300) throw new Error(`${url}: ${text}`);
  return json;
}

/** As ben, with the key. */
async function sign(
  verb: 'approve' | 'reject' | 'ratify',
  meaning: string,
  { id, recordDigest }: CapturedRequest,
  by: object = components,
): Promise<void> {
  const url = `/v1/change-requests/${id}`;
  const asked = { meaning, recordDigest, reason: REASON };
  const securityKey = key.answer(await ask(`${url}/security-key-challenges`, asked));
  await ask(`${url}/${verb}`, { recordDigest, securityKey, ...by });
}

const ledger = (of: readonly Event[]): Promise<string> => ledgerOfEvents(root, of);

/** The same history, with the events of one type altered. */
function altered(type: string, alter: (event: Event) => void, request = 'CR-2026-0001'): Event[] {
  const copies = [...structuredClone(events)];
  const mine = copies.filter(
    (event) => event.type === type && (event.stream.startsWith('person/') || event.stream.endsWith(request)),
  );
  expect(mine.length).toBeGreaterThan(0);
  mine.forEach(alter);
  return copies;
}
const inSignature = (change: object) => (event: Event) => {
  Object.assign(event.data['signature'] as object, change);
};
const inEvidence = (change: (evidence: Record<string, unknown>) => object) => (event: Event) => {
  const { securityKey } = event.data['signature'] as { readonly securityKey: Record<string, unknown> };
  Object.assign(securityKey, change(securityKey));
};
const inStatement = (change: object) =>
  inEvidence(({ statement }) => ({ statement: { ...(statement as object), ...change } }));
const flipped = (base64url: unknown, at: number) => {
  const bytes = Buffer.from(String(base64url), 'base64url');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64url');
};

describe('what a signature shows of itself', () => {
  const signer = noteSigner('site.example/log', Buffer.alloc(32, 7));
  const bytesOf = (event: Event) => Buffer.from(JSON.stringify(event));
  const sealed = (of: readonly Event[]) => new MemoryLog(of.map(bytesOf), signer);
  /** The history as it was sealed, with the entries of another. */
  function sealedWith(of: readonly Event[]): MemoryLog {
    const log = sealed(events);
    for (const [name, bytes] of sealed(of).files)
      if (name.startsWith('tile/entries/')) log.files.set(name, bytes);
    return log;
  }
  const verified = (log: MemoryLog) => verifyLog(log, [noteVerifier(signer.vkey)]);

  it.each([
    ['printedName', 'Zoë'],
    ['signedAt', '2026-11-24T08:00:00.001Z'],
    ['meaning', 'reviewed'],
  ])('R18: %s is in the sealed leaf: altered, the verifier names its position', async (member, other) => {
    await expect(verified(sealed(events))).resolves.toBeDefined();
    const signed = [...events.entries()].filter(([, { data }]) => 'signature' in data);
    expect(signed.map(([, { type }]) => type)).toEqual(
      expect.arrayContaining(['ChangeApproved', 'ChangeRejected', 'EmergencyReleased']),
    );
    for (const [position, event] of signed) {
      expect(event.data['signature']).toHaveProperty(member, expect.any(String));
      const copy = structuredClone(event);
      inSignature({ [member]: other })(copy);
      await expect(verified(sealedWith(events.with(position, copy)))).rejects.toMatchObject({
        code: 'root-differs',
        position: BigInt(position),
      });
    }
  });
});

describe('the stand-alone script', () => {
  it('R19, R30: says of a real signature that it is good, by the password and the key, and by the key alone', async () => {
    const folder = await ledger(events);
    const approved = await verifySignatures(folder, 'CR-2026-0001');
    expect(approved.said).toMatch(
      /^good {5}CR-2026-0001: approved by ben of the team at .* \(password, security-key\), asked at 2026-11-24T08:00:00.000Z by https:/,
    );
    expect(approved.code).toBe(0);
    const rejected = await verifySignatures(folder, 'CR-2026-0002');
    expect(rejected.said).toMatch(/^good {5}CR-2026-0002: rejected by ben .* \(security-key\)/);
    expect(rejected.code).toBe(0);
  });

  it('R19: says of a ratification that it is of the release, as it was made', async () => {
    const good = await verifySignatures(await ledger(events), 'CR-2026-0003');
    expect(good.said).toMatch(/^no key {3}CR-2026-0003: released by Eva .*: over this record, and made by/);
    expect(good.said).toMatch(/^good {5}CR-2026-0003: ratified by ben/m);
    expect(good.code).toBe(0);
    const other = altered('EmergencyReleased', inSignature({ printedName: 'Dan' }), 'CR-2026-0003');
    const found = await verifySignatures(await ledger(other), 'CR-2026-0003');
    expect(found.said).toContain('the record is not the one that was signed');
  });

  it.each<[string, () => Event[], string]>([
    [
      'a record that was changed',
      () => altered('ArtefactsCaptured', ({ data }) => (data['changes'] = [])),
      'the record is not the one that was signed',
    ],
    [
      'a reason that was changed',
      () => altered('ChangeApproved', ({ reason }) => (reason.text = 'another one that sounds better')),
      'it was made for another reason',
    ],
    [
      'another meaning',
      () => altered('ChangeApproved', inSignature({ meaning: 'rejected' })),
      'it was made with another meaning',
    ],
    [
      'another meaning in the statement too',
      () =>
        altered('ChangeApproved', (event) => {
          inSignature({ meaning: 'rejected' })(event);
          inStatement({ meaning: 'rejected' })(event);
        }),
      'the key was asked something else than the statement',
    ],
    ['another signer', () => altered('ChangeApproved', inSignature({ signer: 'eva' })), 'by another signer'],
    [
      'another printed name',
      () => altered('ChangeApproved', inSignature({ printedName: 'Eva' })),
      'under another name',
    ],
    [
      'a signature that was copied from another record',
      () => {
        const other = events.find(({ type }) => type === 'ChangeRejected')?.data['signature'] as object;
        return altered('ChangeApproved', inSignature(structuredClone(other)));
      },
      'it was made for another record',
    ],
    [
      'a sign-in',
      () => altered('ChangeApproved', inStatement({ for: 'sign-in' })),
      'no signature of a record',
    ],
    ['another site', () => altered('ChangeApproved', inStatement({ site: 'other/log' })), 'for another site'],
    [
      'another origin',
      () =>
        altered(
          'ChangeApproved',
          inEvidence(() => ({ origin: 'https://evil.example' })),
        ),
      'the key was not asked by that page',
    ],
    [
      'a key that nobody touched',
      () =>
        altered(
          'ChangeApproved',
          inEvidence(({ authenticatorData }) => ({ authenticatorData: flipped(authenticatorData, 32) })),
        ),
      'nobody touched the key',
    ],
    [
      'another time',
      () => altered('ChangeApproved', inSignature({ signedAt: '2026-11-24T08:05:00.000Z' })),
      'it was not made when it says',
    ],
    [
      'a time before it was asked for',
      () => altered('ChangeApproved', inSignature({ signedAt: '2026-11-24T07:59:59.999Z' })),
      'it was not made when it says',
    ],
    [
      'a public key that is none',
      () =>
        altered(
          'ChangeApproved',
          inEvidence(() => ({ publicKey: 'MFkw' })),
        ),
      'it cannot be read',
    ],
    [
      'client data that are no JSON',
      () =>
        altered(
          'ChangeApproved',
          inEvidence(() => ({ clientDataJSON: 'AAAA' })),
        ),
      'it cannot be read',
    ],
    [
      'a byte of the signature',
      () =>
        altered(
          'ChangeApproved',
          inEvidence(({ signature }) => ({ signature: flipped(signature, 40) })),
        ),
      "the key's signature is not good",
    ],
    [
      'a key that was never enrolled',
      () =>
        altered('SecurityKeyEnrolled', ({ data }) => {
          Object.assign(data['key'] as object, { publicKey: 'MFkw' });
        }),
      "the key was not the signer's then",
    ],
  ])('R19, R30: finds %s', async (_what, tampered, fault) => {
    const { code, said } = await verifySignatures(await ledger(tampered()), 'CR-2026-0001');
    expect(said).toMatch(/^FAILED/);
    expect(said).toContain(fault);
    expect(code).toBe(1);
  });

  it('R24: finds that the signer had been disabled, or reset, before', async () => {
    const enrolled = events.findIndex(({ type }) => type === 'SecurityKeyEnrolled');
    const { stream, reason } = events[enrolled] as Event;
    for (const type of ['PersonDisabled', 'PersonReset']) {
      const ended = events.toSpliced(enrolled + 1, 0, { type, stream, reason, data: {} });
      expect((await verifySignatures(await ledger(ended), 'CR-2026-0001')).said).toContain(
        "not the signer's then",
      );
    }
  });

  it('R22: finds a key that signed alone and had not made sure of its person', async () => {
    const without = (event: Event) => {
      const { securityKey } = event.data['signature'] as { securityKey: { authenticatorData: string } };
      const bytes = Buffer.from(securityKey.authenticatorData, 'base64url');
      bytes.writeUInt8(1, 32);
      securityKey.authenticatorData = bytes.toString('base64url');
    };
    const folder = await ledger(altered('ChangeRejected', without, 'CR-2026-0002'));
    expect((await verifySignatures(folder, 'CR-2026-0002')).said).toContain(
      'had not made sure of its person',
    );
  });

  it('R19: reads what the command line prints as well', async () => {
    const projector = new pg.Client({ connectionString: control.database.url('projector') });
    await projector.connect();
    const projections = releaseControlProjections();
    await emptyReadModels(projector, projections);
    const positioned = events.map((event, i) => {
      const bytes = Buffer.from(JSON.stringify(event));
      return { position: BigInt(i), bytes, envelope: decodeEvent(bytes) };
    });
    await projectInto(projector, projections, positioned);
    await projector.end();
    const file = path.join(root, 'change.json');
    const show = async (id: string): Promise<string> => {
      const { text } = await control.ask('GET', `/v1/change-requests/${id}`, { token: session });
      await writeFile(file, text);
      return text;
    };
    await show('CR-2026-0003');
    expect((await verifySignatures(file)).said).toMatch(/^good {5}CR-2026-0003: ratified by ben/m);
    await show('CR-2026-0005');
    expect((await verifySignatures(file)).said).toMatch(/^good {5}CR-2026-0005: approved by ben/);
    const approved = await show('CR-2026-0001');
    expect(await verifySignatures(file)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^good/) as string,
    });
    await writeFile(file, approved.replaceAll('lab-hello', 'lab-other'));
    expect((await verifySignatures(file)).said).toContain('the record is not the one that was signed');
  });

  it('R19: puts a record together from all that is said of it, and each revision by itself', async () => {
    const { code, said } = await verifySignatures(await ledger(events), 'CR-2026-0005');
    expect(said).toMatch(
      /^good {5}CR-2026-0005: rejected by ben .*; void: the record was changed after it$/m,
    );
    expect(said).toMatch(/^good {5}CR-2026-0005: approved by ben .* by https:[^;]*$/m);
    expect(code).toBe(0);
  });

  it('R19: checks a further signature of a plan as each other one', async () => {
    const signed = events.find(({ type, stream }) => type === 'ChangeApproved' && stream.endsWith('0005'));
    const further = structuredClone({ ...(signed as Event), type: 'StageSigned' });
    const good = await verifySignatures(await ledger([...events, further]), 'CR-2026-0005');
    expect(good.said.match(/^good .*: approved by ben/gm)).toHaveLength(2);
    inSignature({ printedName: 'Eva' })(further);
    const forged = await verifySignatures(await ledger([...events, further]), 'CR-2026-0005');
    expect(forged.said).toMatch(/^FAILED .*: approved by Eva/m);
    expect(forged.code).toBe(1);
  });

  it('R19: says what openssl says, asked as the how-to has it', async () => {
    const page = await readFile('docs/how-to/verify-a-signature.md', 'utf8');
    const commands = page.split('## By hand, with openssl')[1]?.match(/```sh\n([\s\S]*?)```/)?.[1] ?? '';
    const approved = events.find(({ type }) => type === 'ChangeApproved');
    const { securityKey } = (approved?.data['signature'] ?? {}) as { securityKey: Record<string, string> };
    const given = {
      env: { ...process.env, ...securityKey },
      cwd: await mkdtemp(path.join(root, 'openssl-')),
    };
    expect((await run('bash', ['-c', commands], given)).stdout).toBe('Verified OK\n');
    const tampered = { ...given.env, clientDataJSON: flipped(securityKey['clientDataJSON'], 30) };
    await expect(run('bash', ['-c', commands], { ...given, env: tampered })).rejects.toThrow(
      'Command failed',
    );
  });

  it('R19: does not call good what was left unchecked', async () => {
    const { signature } = events.find(({ type }) => type === 'ChangeApproved')?.data ?? {};
    const forged = { ...(signature as object), recordDigest: 'e'.repeat(64), counts: false };
    const file = path.join(root, 'forged.json');
    const record = { id: 'TR-0001', content: { kind: 'trail' } };
    await writeFile(file, JSON.stringify({ record, signatures: [forged], history: [] }));
    expect(await verifySignatures(file)).toEqual({
      code: 2,
      said: expect.stringMatching(/^void /) as string,
    });
  });

  it('says when there is nothing to check', async () => {
    const folder = await ledger(events);
    expect((await verifySignatures(folder, 'CR-2026-0099')).code).toBe(2);
    expect((await verifySignatures(path.join(folder, 'none'), 'CR-2026-0001')).code).toBe(2);
    expect((await verifySignatures(SIGNATURE_SCRIPT)).code).toBe(2);
  });

  it('needs nothing but Node', async () => {
    const imports = (await readFile(SIGNATURE_SCRIPT, 'utf8')).match(/from '[^']+'/g);
    expect(imports).toEqual(["from 'node:crypto'", "from 'node:fs'", "from 'node:path'"]);
  });
});
