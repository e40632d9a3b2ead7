import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { HISTORY, RECORD, SHOW, VIEW } from '../../testing/lab-change.js';
import { pdfText } from '../../testing/pdf-text.js';
import { TestCli } from '../../testing/test-cli.js';

const item = (version: string) => ({ format: 'snap', name: 'core18', channel: 'stable', version });
const revised = (position: string, at: string) => ({
  position,
  type: 'ChangeRevised',
  at,
  actor: { id: 'person-1', name: 'Ada Lovelace' },
  reason: RECORD.reason,
});
const voided = {
  signer: 'person-2',
  printedName: 'Ben Okafor',
  signedAt: '2026-11-22T13:00:00.000Z',
  meaning: 'approved',
  components: ['password'],
  credential: 'c',
  recordDigest: 'ee'.repeat(32),
};
const EARLIER = [
  {
    revision: 1,
    status: 'in-review',
    reason: { code: 'routine', text: 'it is time for it' },
    items: [item('1700')],
    window: {},
    changes: [],
    recordDigest: 'ee'.repeat(32),
    signatures: [voided],
  },
  {
    revision: 2,
    status: 'drafted',
    reason: RECORD.reason,
    items: [item('1700')],
    window: { notBefore: '2026-12-01T21:00:00.000Z' },
    ticket: { system: 'servicedesk', id: 'CHG-6' },
    changes: [],
    recordDigest: null,
    signatures: [],
  },
];
const COMMENTS = [
  { by: { id: 'p', name: 'Eva Lind' }, at: '2026-11-22T12:59:00.000Z', text: 'why not 1722?' },
];

let cli: TestCli;
let out: string;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  out = join(cli.folder, 'paper.pdf');
});

async function printed(view: object): Promise<string> {
  await cli.control({
    'GET /v1/status': [200, { site: { origin: 'site.example/log' } }],
    'POST /v1/record-copies': [200, { cursor: '9' }],
    [SHOW]: [200, view],
    'GET /v1/audit?stream=change-request%2FCR-2026-0042&limit=1': [
      200,
      { events: [{ ...HISTORY[0], zone: 'Europe/Zurich', offset: '+01:00' }], next: null },
    ],
  });
  const { exitCode, stderr } = await cli.run(['change', 'print', RECORD.id, '--out', out]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return pdfText(readFileSync(out)).join(' ').replaceAll(/\s+/g, ' ');
}

describe('change print', () => {
  it('R11: marks what was amended, with old and new values, by whom and when, and what is void by it', async () => {
    const history = [
      ...HISTORY,
      // One revision, in two events.
      revised('42', '2026-11-22T13:10:00.000Z'),
      revised('43', '2026-11-22T13:10:00.000Z'),
      revised('47', '2026-11-22T14:00:00.000Z'),
    ];
    const text = await printed({ ...VIEW, earlier: EARLIER, comments: COMMENTS, history });
    expect(text).toContain('Change request CR-2026-0042: site.example/log');
    expect(text).toContain('Reason (amended) security-fix: CVE-2026-1234 fixed in 1722 (CHG-2042)');
    expect(text).toContain(
      'Amended 2 times since it was first entered: Reason, Asked for; below with old and new values',
    );
    expect(text.replaceAll(' ', '')).toContain(
      `Revision1(in-review,recordsha256:${'ee'.repeat(32)})wasreplacedbyAdaLovelace,2026-11-2213:10:00UTC(2026-11-2214:10:00GMT+01:00Europe/Zurich).`,
    );
    expect(text).toMatch(
      /Amended Revision 1 Revision 2 Reason routine: it is time for it security-fix: CVE-2026-1234/,
    );
    expect(text).toContain('Not before - 2026-12-01T21:00:00.000Z');
    expect(text).toContain('Ticket - servicedesk CHG-6');
    expect(text).toMatch(/Ben Okafor 2026-11-22 13:00:00 UTC .*approved \(void: of revision 1\)/);
    expect(text).toMatch(
      /Revision 2 \(drafted, record not captured\) was replaced by Ada Lovelace, 2026-11-22 14:00:00 UTC/,
    );
    expect(text).toMatch(/Asked for core18 stable=1700 core18 stable=1722/);
    expect(text).toMatch(/Eva Lind 2026-11-22 12:59:00 UTC .*why not 1722\?/);
  });

  it('R11: says so of one that is as it was first entered', async () => {
    const text = await printed(VIEW);
    expect(text).toContain('Amended not since it was first entered');
    expect(text).not.toContain('was replaced');
    expect(text).not.toContain('(amended)');
  });

  it('R11: says so of one that was revised to what it was', async () => {
    const [first] = EARLIER;
    const same = { ...first, reason: RECORD.reason, items: RECORD.items, signatures: [] };
    expect(await printed({ ...VIEW, earlier: [same] })).toContain(
      'Amended once since it was first entered: as first entered again',
    );
  });
});
