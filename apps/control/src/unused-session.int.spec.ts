import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { later } from '#kernel';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { readWhole } from '#test/support/whole-history';

const MORNING = '2026-11-24T08:00:00.000Z';
let control: ControlUnderTest;
let admin: string;
let owner: pg.Client;
const ids = new Map<string, string>();

beforeAll(async () => {
  control = await ControlUnderTest.start();
  owner = new pg.Client({ connectionString: control.database.ownerUrl });
  await owner.connect();
  admin = await control.admin();
  for (const login of ['ana', 'ben', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ivo'])
    ids.set(login, await control.enrol(admin, login, ['approver']));
  await control.enrol(admin, 'jan', ['author']);
});
afterAll(async () => {
  await owner?.end();
  await control?.stop();
});

const idOf = (login: string) => ids.get(login) ?? '';
const minutes = (count: number) => later(MORNING, count * 60_000);
/** A session that begins in the morning. */
async function inTheMorning(login: string): Promise<string> {
  control.clock.set(MORNING);
  return control.signIn(login);
}
async function asked(token: string, at: string, of: ControlUnderTest = control): Promise<unknown> {
  control.clock.set(at);
  const { status, json } = await of.ask('GET', '/v1/me', { token });
  return json['code'] ?? status;
}
const endsOf = async (login: string) =>
  (await control.history(`person/${idOf(login)}`)).filter(({ type }) => type === 'SessionTimedOut');

it('R28: a session in which nothing was asked for half an hour is over, and says so once', async () => {
  const token = await inTheMorning('ana');
  expect(await asked(token, minutes(29))).toBe(200);
  expect(await asked(token, minutes(58))).toBe(200);
  control.clock.set(minutes(88));
  const answers = await Promise.all([1, 2, 3].map(() => control.ask('GET', '/v1/me', { token })));
  for (const { status, json } of answers) {
    expect(status).toBe(401);
    expect(json).toMatchObject({
      code: 'not-signed-in',
      detail: `sign in again ("holdfast login"): nothing was asked in this session since ${minutes(58)}, and the site ends one that is not used for 30 minutes`,
    });
  }
  const [ended, ...more] = await endsOf('ana');
  expect(more).toEqual([]);
  expect(ended).toMatchObject({
    actor: { kind: 'service', id: 'control', for: `person/${idOf('ana')}` },
    reason: { code: 'session-unused' },
    data: { lastUsedAt: minutes(58), idleMinutes: 30 },
  });
});

it('R28: and signs nothing: that takes a new one', async () => {
  const token = await inTheMorning('ben');
  control.clock.set(minutes(30));
  const before = (await readWhole(control.adapters.store)).length;
  const body = { recordDigest: '0'.repeat(64), password: PASSWORD, reason: REASON };
  const sign = (session: string) =>
    control.ask('POST', '/v1/change-requests/CR-2026-0001/approve', { token: session, body });
  expect((await sign(token)).json['code']).toBe('not-signed-in');
  const since = (await readWhole(control.adapters.store)).slice(before);
  expect(since.map(({ envelope }) => envelope.type)).toEqual(['SessionTimedOut']);
  // There is no such request, which is said to who is signed in.
  expect((await sign(await control.signIn('ben'))).json['code']).toBe('no-such-change-request');
});

it('R28: what is asked at one control counts at the others, and after a start', async () => {
  const token = await inTheMorning('cyd');
  expect(await asked(token, minutes(0))).toBe(200);
  const other = await control.another();
  expect(await asked(token, minutes(20), other)).toBe(200);
  expect(await asked(token, minutes(45))).toBe(200);
  expect(await asked(token, minutes(70), other)).toBe(200);
  await other.stop();
  const started = await control.another();
  expect(await asked(token, minutes(95), started)).toBe(200);
  expect(await asked(token, minutes(125), started)).toBe('not-signed-in');
  await started.stop();
  expect(await asked(token, minutes(125))).toBe('not-signed-in');
  expect(await endsOf('cyd')).toHaveLength(1);
});

it('R28: where nothing is known of it, it counts as unused since it began', async () => {
  const token = await inTheMorning('dan');
  expect(await asked(token, minutes(20))).toBe(200);
  await owner.query('delete from identity.session_use');
  const restored = await control.another();
  expect(await asked(token, minutes(30), restored)).toBe('not-signed-in');
  await restored.stop();
});

it('is written down at most once a minute, and gone after a day', async () => {
  const token = await inTheMorning('eve');
  const written = async () => {
    const { rows } = await owner.query<{ used_at: Date }>(
      'select used_at from identity.session_use order by used_at',
    );
    return rows.map(({ used_at }) => used_at.toISOString());
  };
  await owner.query('delete from identity.session_use');
  expect(await asked(token, minutes(0))).toBe(200);
  expect(await asked(token, later(MORNING, 59_999))).toBe(200);
  expect(await written()).toEqual([MORNING]);
  expect(await asked(token, minutes(1))).toBe(200);
  expect(await written()).toEqual([minutes(1)]);
  // In memory it is known to the moment.
  expect(await asked(token, later(MORNING, 119_000))).toBe(200);
  expect(await asked(token, later(MORNING, 119_000 + 30 * 60_000 - 1))).toBe(200);
  const tomorrow = later(MORNING, 26 * 3_600_000);
  control.clock.set(tomorrow);
  expect(await asked(await control.signIn('eve'), tomorrow)).toBe(200);
  expect(await written()).toEqual([tomorrow]);
});

it('R28, R06: is not over any less when the clock goes back', async () => {
  const noticed = await inTheMorning('fay');
  expect(await asked(noticed, minutes(40))).toBe('not-signed-in');
  expect(await asked(noticed, minutes(10))).toBe('not-signed-in');

  const ahead = await inTheMorning('ivo');
  expect(await asked(ahead, minutes(20))).toBe(200);
  // Nobody can say how long it was: it counts from there.
  expect(await asked(ahead, minutes(-120))).toBe(200);
  expect(await asked(ahead, minutes(-91))).toBe(200);
  expect(await asked(ahead, minutes(-61))).toBe('not-signed-in');

  // Nobody asked in it when it was over, but this control saw that time.
  const started = await control.another();
  const unnoticed = await inTheMorning('gus');
  expect(await asked(unnoticed, minutes(0), started)).toBe(200);
  expect(await asked(await inTheMorning('hal'), minutes(29), started)).toBe(200);
  expect(await asked(await control.signIn('hal'), minutes(30), started)).toBe(200);
  expect(await asked(unnoticed, later(MORNING, 30_000), started)).toBe('not-signed-in');
  await started.stop();
});

it('R28: how long is a setting that two people change, and the environment makes stricter alone', async () => {
  const strict = await ControlUnderTest.start({ sessionIdleMinutes: 5 });
  try {
    const first = await strict.admin();
    await strict.enrol(first, 'quinn', ['qa']);
    await strict.enrol(first, 'second', ['admin']);
    const qa = await strict.signIn('quinn');
    const close = await strict.ask('POST', '/v1/commissioning/close', {
      token: first,
      body: { reason: REASON },
    });
    expect(close.status).toBe(200);
    const change = (value: string) =>
      strict.ask('POST', '/v1/settings', {
        token: first,
        body: { changes: [{ key: 'session-idle-minutes', value }], reason: REASON },
      });
    expect((await change('0')).json['code']).toBe('wrong-setting');
    expect((await change('480')).json['settings']).toMatchObject([
      { value: null, takesTwo: true, requested: { value: '480' } },
    ]);
    const body = { value: '480', password: PASSWORD, reason: REASON };
    const confirm = await strict.ask('POST', '/v1/settings/session-idle-minutes/confirm', {
      token: qa,
      body,
    });
    expect(confirm.status).toBe(200);
    strict.clock.set(minutes(5));
    expect((await strict.ask('GET', '/v1/me', { token: qa })).status).toBe(401);
  } finally {
    await strict.stop();
  }
});

it('R28: a token is no session', async () => {
  const author = await inTheMorning('jan');
  const issued = await control.ask('POST', '/v1/tokens', {
    token: author,
    body: {
      name: 'nightly-pins',
      standingReason: { code: 'routine', text: 'pins what the nightly tests passed' },
      rings: ['default'],
      password: PASSWORD,
      reason: REASON,
    },
  });
  expect(issued.status).toBe(201);
  control.clock.set(later(MORNING, 86_400_000));
  const submitted = await control.ask('POST', '/v1/token-submissions', {
    token: String(issued.json['token']),
    body: { ring: 'default', items: [{ snap: 'lab-hello', channel: 'latest/stable', revision: 1 }] },
  });
  expect(submitted.status).toBe(202);
});
