import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';
import { openApiDocument } from './openapi/document.js';
import { Stage } from './testing/stage.js';

const { paths } = await openApiDocument();

interface Parameter {
  readonly name: string;
}
const parametersOf = (operation: { readonly parameters?: readonly object[] } | undefined) =>
  (operation?.parameters ?? []).map((each) => ('name' in each ? (each as Parameter).name : ''));

/** All of the record, as it streams: `after` is a position, from which a copy that broke off goes on. */
const WHOLE = '/v1/audit/export';
/** Every list that comes in pages. */
const lists = Object.entries(paths).flatMap(([path, { get }]) =>
  parametersOf(get).includes('after') && path !== WHOLE ? [path] : [],
);
/** Some are of one record, and take its name. */
const addressOf = (path: string, name: string) =>
  `${path.replace(/\{\w+\}/, name)}?${path === '/v1/deliveries' ? 'snap=lab-hello&revision=1&' : ''}`;

let stage: Stage;
let sink: string;

beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  const added = { name: 'operations', kind: 'webhook', address: 'https://operations.example/hook' };
  await stage.post('olga', '/v1/sinks', { ...added, reason: REASON });
  sink = added.name;
  await stage.projector.catchUp();
});
afterAll(() => stage?.end());

const get = (url: string) => stage.control.ask('GET', url, { token: stage.token('olga') });
const cursor = (text: string) => Buffer.from(text).toString('base64url');

describe('a list that comes in pages', () => {
  it('is there', () => {
    expect(lists.length).toBeGreaterThanOrEqual(10);
  });

  it.each(lists)('%s says what comes next, and refuses a cursor that is none of its own', async (path) => {
    const address = addressOf(path, sink);
    const first = await get(address);
    expect([first.status, 'next' in first.json]).toEqual([200, true]);
    for (const after of [
      'x',
      '%00',
      '..%2F..%2Fetc',
      cursor("people\n' or 1=1 --"),
      cursor('another-list\nplace'),
      cursor(`${'x'.repeat(4_000)}`),
      'A'.repeat(5_000),
    ]) {
      const answer = await get(`${address}after=${after}`);
      expect([after, answer.status]).toEqual([after, 400]);
    }
  });

  it.each(lists)('%s has a limit that it says', async (path) => {
    const limit = paths[path]?.get?.parameters?.find((each) => 'name' in each && each.name === 'limit');
    const { maximum = 0 } = (limit as { schema?: { maximum?: number } } | undefined)?.schema ?? {};
    expect(maximum).toBeGreaterThan(0);
    for (const wrong of ['0', '-1', 'all', String(maximum + 1)])
      expect((await get(`${addressOf(path, sink)}limit=${wrong}`)).status).toBe(400);
  });
});

interface ListPage {
  readonly ids: readonly string[];
  readonly next: string | null;
}
const requests = async (query: string): Promise<ListPage> => {
  const { json } = await get(`/v1/change-requests?${query}`);
  const lines = json['changeRequests'] as readonly { readonly id: string }[];
  return { ids: lines.map(({ id }) => id), next: json['next'] as string | null };
};
const ask = async () => {
  const items = [{ snap: 'lab-hello', channel: 'latest/stable', revision: 1 }];
  const { json } = await stage.post('ana', '/v1/change-requests', { items, reason: REASON });
  await stage.projector.catchUp();
  return String(json['id']);
};

it('leaves out nothing and repeats nothing, whatever is added between two pages', async () => {
  const asked = [await ask(), await ask(), await ask(), await ask(), await ask()].toReversed();
  const first = await requests('limit=2');
  expect(first.ids).toEqual(asked.slice(0, 2));
  await ask();
  const second = await requests(`limit=2&after=${first.next}`);
  await ask();
  const third = await requests(`limit=2&after=${second.next}`);
  expect([...second.ids, ...third.ids]).toEqual(asked.slice(2));
  expect(third.next).toBeNull();
});

it('goes through people by login, whoever joins meanwhile', async () => {
  const page = async (query: string) => {
    const { json } = await get(`/v1/people?limit=2${query}`);
    const people = json['people'] as readonly { readonly login: string }[];
    return { logins: people.map(({ login }) => login), next: json['next'] as string | null };
  };
  const first = await page('');
  expect(first.logins).toEqual(['admin', 'ana']);
  await stage.enrol('abe', []);
  await stage.enrol('zoe', []);
  await stage.projector.catchUp();
  const rest: string[] = [];
  for (let next = first.next; next !== null;) {
    const more = await page(`&after=${next}`);
    rest.push(...more.logins);
    next = more.next;
  }
  expect(rest).toEqual(['ben', 'cyd', 'eve', 'fay', 'olga', 'zoe']);
});
