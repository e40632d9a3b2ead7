import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { openApiDocument } from './openapi/document.js';

/** Times that there are not, that are of no zone, or that no clock shows. */
const ODD = [
  '2026-02-30T12:00:00Z',
  '2026-11-22T24:00:00Z',
  '2016-12-31T23:59:60Z',
  '2026-11-22T12:48:14',
  '2026-11-22',
  '+012026-11-22T12:48:14Z',
  '12026-11-22T12:48:14Z',
  '9999-12-31T23:59:59-00:01',
  '0000-06-01T00:00:00Z',
  '2026-W47-7T12:48:14Z',
  '2026-11-22T12:48:14+25:00',
  'infinity',
];

type Method = Parameters<ControlUnderTest['ask']>[0];

interface Field {
  readonly method: Method;
  readonly path: string;
  readonly in: 'query' | 'body';
  /** Such as `items`, `0`, `expiry`, `at`. */
  readonly at: readonly string[];
}
interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const document = (await openApiDocument()) as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** Every place of a schema that takes a time. */
function timesIn(schema: Schema, at: readonly string[], seen: readonly string[]): (readonly string[])[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) {
    const named = document.components.schemas[name];
    return named && !seen.includes(name) ? timesIn(named, at, [...seen, name]) : [];
  }
  const inside = Object.entries(schema.properties ?? {}).flatMap(([member, each]) =>
    timesIn(each, [...at, member], seen),
  );
  const listed = schema.items ? timesIn(schema.items, [...at, '0'], seen) : [];
  const among = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((all) => all ?? []);
  const own = schema.format === 'date-time' ? [at] : [];
  return [...own, ...inside, ...listed, ...among.flatMap((each) => timesIn(each, at, seen))];
}

/** Signed by the system, over its exact bytes: tickets.int.spec.ts. */
const SIGNED = '/v1/ticket-systems/{system}/messages';

const FIELDS: readonly Field[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([verb, operation]): Field[] => {
    const method = verb.toUpperCase() as Method;
    if (path === SIGNED) return [];
    const { parameters = [], requestBody } = operation as {
      readonly parameters?: readonly {
        readonly name: string;
        readonly in: string;
        readonly schema: Schema;
      }[];
      readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
    };
    const queries = parameters.filter((each) => each.in === 'query');
    const bodies = Object.values(requestBody?.content ?? {});
    return [
      ...queries.flatMap(({ name, schema }) =>
        timesIn(schema, [name], []).map((at) => ({ method, path, in: 'query' as const, at })),
      ),
      ...bodies.flatMap(({ schema }) =>
        timesIn(schema, [], []).map((at) => ({ method, path, in: 'body' as const, at })),
      ),
    ];
  }),
);

/** Members that only an item of their own kind has. */
const KINDS: Readonly<Record<string, string>> = { template: 'template' };

function holding(at: readonly string[], value: string): unknown {
  return at.reduceRight<unknown>((inner, member) => {
    if (member === '0') return [inner];
    const kind = KINDS[member];
    return { ...(kind === undefined ? {} : { kind }), [member]: inner };
  }, value);
}

let control: ControlUnderTest;
let token: string;
/** Of a program, which is all that one route takes. */
let program: string;
const FOR_PROGRAMS = '/v1/token-submissions';

beforeAll(async () => {
  control = await ControlUnderTest.start();
  token = await control.admin();
  await control.enrol(token, 'ana', ['author']);
  const body = { name: 'nightly', standingReason: REASON, rings: ['default'], password: PASSWORD };
  const asked = { token: await control.signIn('ana'), body: { ...body, reason: REASON } };
  program = String((await control.ask('POST', '/v1/tokens', asked)).json['token']);
});
afterAll(() => control?.stop());

describe('a time that there is not', () => {
  it('is looked for in every member of every route that takes a time', () => {
    expect(FIELDS.length).toBeGreaterThan(35);
    expect(new Set(FIELDS.map(({ at }) => at.at(-1)))).toEqual(
      new Set([
        'at',
        'until',
        'notBefore',
        'notAfter',
        'expiresAt',
        'since',
        'from',
        'to',
        'nextDue',
        'due',
        'asOf',
      ]),
    );
  });

  it.each(FIELDS)(
    'is refused by $method $path, in $at: what, and where',
    async ({ method, path, at, ...field }) => {
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      // When a hold ends may be said as a day.
      for (const time of ODD.filter((each) => !path.startsWith('/v1/holds') || each !== '2026-11-22')) {
        const query = field.in === 'query' ? `?${at.join()}=${encodeURIComponent(time)}` : '';
        const body = field.in === 'body' ? { body: holding(at, time) } : {};
        const { status, json } = await control.ask(method, url + query, {
          token: path === FOR_PROGRAMS ? program : token,
          ...body,
        });
        expect({ time, status }).toEqual({ time, status: 400 });
        const errors = json['errors'] as readonly { readonly pointer: string; readonly detail: string }[];
        const found = errors.find(({ pointer }) => pointer === `/${at.join('/')}`);
        expect(found?.detail, `${time} in ${JSON.stringify(json)}`).toMatch(/^must be /);
      }
    },
  );
});
