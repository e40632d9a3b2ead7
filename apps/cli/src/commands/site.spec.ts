import { beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'joins the release board'];
const SENT = { code: 'other', text: 'joins the release board' };

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('people', () => {
  it('add prints the enrolment secret and nothing else as data', async () => {
    const answer = {
      person: 'person-2',
      enrolmentSecret: 'once-only',
      expiresAt: '2026-11-25T00:00:00.000Z',
      cursor: '9',
    };
    const { seen } = await cli.control({ 'POST /v1/people': [201, answer] });
    const { stdout, stderr } = await cli.run([
      'people',
      'add',
      'ben',
      '--name',
      'Ben',
      '--role',
      'approver',
      'auditor',
      ...REASON,
    ]);
    expect(stdout).toBe('once-only\n');
    expect(stderr).toContain('holdfast password ben');
    expect(seen[0]?.body).toEqual({
      login: 'ben',
      name: 'Ben',
      roles: ['approver', 'auditor'],
      reason: SENT,
    });
  });

  it.each([
    ['grant', 'POST /v1/people/ben/roles', { role: 'approver', reason: SENT }, 'ben has the role approver\n'],
    [
      'revoke',
      'DELETE /v1/people/ben/roles/approver',
      { reason: SENT },
      'ben no longer has the role approver\n',
    ],
  ])('%s', async (verb, request, body, said) => {
    const { seen } = await cli.control({ [request]: [200, { cursor: '9' }] });
    expect(await cli.run(['people', verb, 'ben', 'approver', ...REASON])).toMatchObject({
      exitCode: 0,
      stdout: said,
    });
    expect(seen).toEqual([{ request, authorization: 'Bearer token', body }]);
  });

  it('add says who gives the rest of a secret in two parts', async () => {
    const answer = {
      person: 'person-2',
      enrolmentSecret: 'hfr_part.',
      inTwoParts: true,
      expiresAt: '2026-11-25T00:00:00.000Z',
      cursor: '9',
    };
    await cli.control({ 'POST /v1/people': [201, answer] });
    const add = ['people', 'add', 'ben', '--name', 'Ben', '--role', 'approver', ...REASON];
    const { stdout, stderr } = await cli.run(add);
    expect(stdout).toBe('hfr_part.\n');
    expect(stderr).toContain('holdfast people confirm-reset ben');
  });

  it('confirm-grant asks for the password again', async () => {
    const request = 'POST /v1/people/ben/roles/approver/confirm';
    const { seen } = await cli.control({ [request]: [200, { cursor: '9' }] });
    const confirm = ['people', 'confirm-grant', 'ben', 'approver', '--password-stdin', ...REASON];
    expect(await cli.run(confirm, 'of the second one\n')).toMatchObject({
      exitCode: 0,
      stdout: 'ben has the role approver\n',
    });
    const body = { password: 'of the second one', reason: SENT };
    expect(seen).toEqual([{ request, authorization: 'Bearer token', body }]);
  });

  it('disable', async () => {
    const { seen } = await cli.control({ 'POST /v1/people/ben/disable': [200, { cursor: '9' }] });
    expect(await cli.run(['people', 'disable', 'ben', ...REASON])).toMatchObject({ exitCode: 0 });
    expect(seen[0]?.body).toEqual({ reason: SENT });
  });

  describe('as they are', () => {
    const person = {
      id: 'p',
      login: 'ben',
      name: 'Ben',
      roles: ['approver', 'auditor'],
      status: 'active',
      lockedUntil: null,
      secondComponent: true,
      securityKeys: 2,
      requestedRoles: ['qa'],
      singleSignOn: {
        issuer: 'https://id.example',
        claim: 'sub',
        subject: 'b-4711',
        lastUsedAt: '2026-11-24T08:00:00.000Z',
      },
      verifiedBy: 'badge 1234 seen by A. Meier',
      enrolled: { position: '7', at: '2026-11-20T08:00:00.000Z' },
    };
    beforeEach(() => cli.control({ 'GET /v1/people': [200, { people: [person], next: null }] }));

    it('R20: list shows roles, those that wait to be confirmed, who is locked out, and single sign-on with its last use', async () => {
      const { stdout } = await cli.run(['people', 'list']);
      const [titles, ben] = stdout.split('\n').map((line) => line.split(/ {2,}/));
      expect(Object.fromEntries((titles ?? []).map((title, i) => [title, ben?.[i]]))).toEqual({
        Login: 'ben',
        Name: 'Ben',
        Roles: 'approver,auditor',
        Status: 'active',
        'Locked until': '-',
        'Second component': 'yes',
        'Single sign-on': 'b-4711',
        'Last used': '2026-11-24T08:00:00.000Z',
        'To confirm': 'qa',
        'Verified by': 'badge 1234 seen by A. Meier',
      });
    });

    it('R20: show asks for one person, and shows as whom the identity provider knows them, and when that was used last', async () => {
      const detail = 'nobody has the login, or the id, nora';
      const { seen } = await cli.control({
        'GET /v1/people/ben': [200, person],
        'GET /v1/people/nora': problem(404, 'unknown-person', detail),
      });
      const { stdout } = await cli.run(['people', 'show', 'ben']);
      expect(stdout).toMatch(/^Single sign-on: +sub b-4711 at https:\/\/id\.example$/m);
      expect(stdout).toMatch(/^Last used: +2026-11-24T08:00:00\.000Z$/m);
      expect(stdout).toMatch(/^To confirm: +qa$/m);
      const unknown = await cli.run(['people', 'show', 'nora']);
      expect(unknown).toMatchObject({
        exitCode: EXIT.notFound,
        stderr: expect.stringContaining(detail) as string,
      });
      expect(seen.map(({ request }) => request)).toEqual(['GET /v1/people/ben', 'GET /v1/people/nora']);
    });
  });
});

const closed = (secondComponent: string) => ({ cursor: '9', rules: { secondComponent } });

describe('commissioning close', () => {
  it('says why', async () => {
    const { seen } = await cli.control({ 'POST /v1/commissioning/close': [200, closed('required')] });
    const said = await cli.run(['commissioning', 'close', ...REASON]);
    expect(said).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('login') as string });
    expect(seen[0]?.body).toEqual({ reason: SENT });
  });

  it('R22: says where login and password sign from now on, and which setting changes that', async () => {
    await cli.control({ 'POST /v1/commissioning/close': [200, closed('optional')] });
    const { stdout } = await cli.run(['commissioning', 'close', ...REASON]);
    expect(stdout).toMatch(
      /^commissioning is closed\n.* who has none gives login and password.*\n.*second-component=required/,
    );
  });
});

describe('a command after one that changed something', () => {
  it('reads nothing older', async () => {
    const session = {
      token: 't',
      person: { login: 'ada', name: 'Ada' },
      expiresAt: '2026-11-25T00:00:00.000Z',
    };
    const { seen } = await cli.control({
      'POST /v1/sessions': [201, session],
      'POST /v1/commissioning/close': [200, closed('optional')],
      'GET /v1/people?atLeast=9': [200, { people: [] }],
    });
    delete cli.env['HOLDFAST_TOKEN'];
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    await cli.run(['commissioning', 'close', ...REASON]);
    expect(await cli.run(['people', 'list', '--format', 'json'])).toMatchObject({
      exitCode: 0,
      stdout: '[]\n',
    });
    expect(seen).toHaveLength(3);
  });
});

describe('audit list', () => {
  const event = {
    position: '41',
    type: 'ChangeApproved',
    stream: 'change-request/CR-2026-0042',
    at: '2026-11-22T12:48:14.123Z',
    zone: 'America/St_Johns',
    offset: '-03:30',
    actor: { kind: 'person', id: 'p', name: 'Ben' },
    reason: { code: 'other', text: 'tested' },
  };

  it('R07: passes its filters on and prints who, what, when and why', async () => {
    const query = '?after=40&limit=1&actor=Ben&type=ChangeApproved&from=2026-11-22T00%3A00%3A00Z';
    await cli.control({ [`GET /v1/audit${query}`]: [200, { events: [event], next: '41' }] });
    const filters = [
      '--after',
      '40',
      '--limit',
      '1',
      '--actor',
      'Ben',
      '--type',
      'ChangeApproved',
      '--from',
      '2026-11-22T00:00:00Z',
    ];
    expect(await cli.run(['audit', 'list', ...filters])).toEqual({
      exitCode: 0,
      stdout:
        'Position  Time (UTC)                At the site                                      By   Event           Record                       Why\n' +
        '41        2026-11-22T12:48:14.123Z  2026-11-22 09:18:14.123 -03:30 America/St_Johns  Ben  ChangeApproved  change-request/CR-2026-0042  other: tested\n',
      stderr: 'There is more: --after 41\n',
    });
  });

  it.each([
    [['--after', '40'], 'after=40'],
    [['--limit', '1'], 'limit=1'],
    [['--actor', 'Ben'], 'actor=Ben'],
    [['--type', 'ChangeApproved'], 'type=ChangeApproved'],
    [['--stream', 'site'], 'stream=site'],
    [['--reason-code', 'routine'], 'reason=routine'],
    [['--reason-text', 'tested'], 'text=tested'],
    [['--ticket', 'CHG-7'], 'ticket=CHG-7'],
    [['--from', '2026-11-22T00:00:00Z'], 'from=2026-11-22T00%3A00%3A00Z'],
    [['--to', '2026-11-23T00:00:00Z'], 'to=2026-11-23T00%3A00%3A00Z'],
    [['--newest-first'], 'order=newest'],
  ])('R08: with %j asks for %s and nothing else', async (filter, query) => {
    await cli.control({ [`GET /v1/audit?${query}`]: [200, { events: [event], next: null }] });
    expect(await cli.run(['audit', 'list', ...filter])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('tells a standing reason from one that was given for the act', async () => {
    const byToken = {
      ...event,
      actor: { kind: 'token', id: 't', name: 'nightly-pins', owner: { id: 'a', name: 'Ana', roles: [] } },
      reason: {
        code: 'routine',
        text: 'what the tests passed',
        ticket: 'CHG-7',
        standing: { token: 't', name: 'nightly-pins' },
      },
    };
    await cli.control({ 'GET /v1/audit': [200, { events: [byToken], next: null }] });
    const { stdout } = await cli.run(['audit', 'list']);
    expect(stdout).toContain('token nightly-pins of Ana  ChangeApproved');
    expect(stdout).toContain(
      'routine: what the tests passed (CHG-7) [standing reason of token nightly-pins]\n',
    );
  });
});

describe('status', () => {
  it('prints where the record ends, and how far the read models are', async () => {
    const projections = [{ name: 'overrides', version: 1, position: '39', lag: '2' }];
    const status = {
      site: { origin: 'site-a' },
      position: '41',
      projections,
      evaluationDatabase: true,
      eventStore: { kind: 'eventstoredb', experimental: true },
      failingSinks: [],
      pausedSinks: [],
      ledger: { verified: null, failing: null, unsealedSince: null },
      clocks: [],
    };
    const { url } = await cli.control({ 'GET /v1/status': [200, status] });
    expect((await cli.run(['status'])).stdout).toBe(
      `Site:         site-a\nControl:      ${url}\nPosition:     41\nDatabase:     embedded, for evaluation\n` +
        'Event store:  EventStoreDB (experimental until it ran against a real server)\nVerified:     not yet\n\n' +
        'Read model  Version  Position  Behind\noverrides   1        39        2\n',
    );
    await cli.control({ 'GET /v1/status': [200, { ...status, failingSinks: ['ops', 'siem'] }] });
    expect((await cli.run(['status'])).stdout).toMatch(/^Failing sinks: +ops, siem$/m);
    await cli.control({ 'GET /v1/status': [200, { ...status, pausedSinks: ['ops'] }] });
    expect((await cli.run(['status'])).stdout).toMatch(/^Paused sinks: +ops$/m);
    await cli.control({ 'GET /v1/status': [200, { ...status, failingSinks: null, pausedSinks: null }] });
    expect((await cli.run(['status'])).stdout).toMatch(/^SINKS: +what is recorded of them cannot be read: /m);
  });

  it('R39: prints when ledger and events were verified, and that they do not agree or are not sealed', async () => {
    const at = '2026-11-24T08:00:00.000Z';
    const finding = {
      check: 'events',
      kind: 'differs',
      position: '7',
      says: 'the event at position 7 differs',
    };
    const ledger = {
      verified: { at, entries: '40', root: 'cm9vdA==', seconds: 0.25 },
      failing: { since: at, findings: [finding, finding], more: 3 },
      unsealedSince: at,
    };
    const status = {
      site: { origin: 'site-a' },
      position: '41',
      projections: [],
      evaluationDatabase: true,
      eventStore: { kind: 'postgresql', experimental: false },
      failingSinks: [],
      pausedSinks: [],
      clocks: [],
      ledger,
    };
    await cli.control({ 'GET /v1/status': [200, status] });
    const { stdout } = await cli.run(['status']);
    expect(stdout).toMatch(/^Verified: +40 entries at 2026-11-24T08:00:00.000Z, in 0.25 s$/m);
    expect(stdout).toMatch(
      /^LEDGER AND EVENTS DO NOT AGREE: +since 2026-.*: the event at position 7 differs, and 4 more$/m,
    );
    expect(stdout).toMatch(/^NOT SEALED: +what happened since 2026-/m);
  });

  it('R06: says of each clock that events are stamped by whether it follows a time server', async () => {
    const clock = { host: 'alpha', synchronisation: 'not-synchronised', source: 'chrony' };
    const clocks = [{ server: 'worker', ...clock, since: '2026-11-22T12:48:14.123Z' }];
    const eventStore = { kind: 'postgresql', experimental: false };
    const ledger = { verified: null, failing: null, unsealedSince: null };
    const none = { failingSinks: [], pausedSinks: [], projections: [], ledger };
    const site = { site: { origin: 'site-a' }, position: '41', evaluationDatabase: false };
    await cli.control({ 'GET /v1/status': [200, { ...site, eventStore, ...none, clocks }] });
    expect((await cli.run(['status'])).stdout).toMatch(
      /^Clock of worker: +not-synchronised \(chrony\) on alpha, since 2026-11-22T12:48:14\.123Z$/m,
    );
    await cli.control({ 'GET /v1/status': [200, { ...site, eventStore, ...none, clocks: null }] });
    expect((await cli.run(['status'])).stdout).toMatch(
      /^CLOCKS: +what is recorded of them cannot be read: /m,
    );
  });
});
