import { globSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { processCli } from '#apps/cli/src/cli';
import { buildProgram } from '#apps/cli/src/program';
import { hostProgram } from '#apps/host/src/program';
import { excludingPair, ROLES } from '#identity/domain/roles';
import { KNOWN_SETTINGS } from '#platform/known-settings';
import { SECRET_SETTINGS } from '#site/domain/settings/secret-settings';
import { SITE_SETTINGS } from '#site/domain/settings/site-settings';
import { recordSwitches } from './switches/record-switches.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string }[];
}
interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const api = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8')) as Api;
const sources = globSync('{apps,libs,tools}/**/*.{ts,mjs}').filter(
  (file) => !/\.spec\.ts$|\/testing|\/fixtures\//.test(file),
);

/** A reading that was not changed since is not sent again, and a page says where the next one begins. */
const OF_HTTP_AND_PAGES = ['If-None-Match', 'limit', '--limit'];

/** What the sources read of the environment. */
const variables = sources.flatMap((file) =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:env(?:ironment)?\??\.?\[?|FromEnv\()['"]?([A-Z][A-Z0-9_]{2,})\b/g,
    ),
  ].map(([, name = '']) => name),
);

/** Each command's whole name, and those of its options and arguments behind it. */
function namesOf(command: Command, before = ''): string[] {
  const name = `${before} ${command.name()}`.trim();
  const own = [...command.options.map(({ long }) => long ?? ''), ...command.aliases()].filter(
    (each) => !OF_HTTP_AND_PAGES.includes(each),
  );
  return [
    name,
    ...own.map((option) => `${name} ${option}`),
    ...command.commands.flatMap((each) => namesOf(each, name)),
  ];
}

const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const ofTheApi = operations.flatMap(({ path, method, operation }) => {
  const name = `${method} ${path} ${operation.operationId}`;
  const parameters = (operation.parameters ?? []).filter((each) => !OF_HTTP_AND_PAGES.includes(each.name));
  return [name, ...parameters.map((each) => `${path} ${each.name}`)];
});

/** What bodies are made of, at whatever depth. */
function membersIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(membersIn)];
}

let commands: readonly string[];
beforeAll(async () => {
  commands = [
    ...namesOf(buildProgram({ ...processCli(), name: 'holdfast' })),
    ...namesOf(await hostProgram(undefined, {}, () => undefined)),
  ];
});

describe('R05: nothing switches the record off, thins it out or takes something out of it', () => {
  it('among the settings, of the machine and of the site', () => {
    const keys = [...SITE_SETTINGS, ...SECRET_SETTINGS].map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(10);
    expect(recordSwitches([...KNOWN_SETTINGS, ...keys])).toEqual([]);
  });

  it('among the variables that the sources read', () => {
    expect(variables).toContain('DATABASE_URL');
    expect(recordSwitches(variables)).toEqual([]);
  });

  it('among the commands and options of the command line and the host', () => {
    expect(commands).toEqual(expect.arrayContaining(['holdfast audit list', 'holdfast events copy --to']));
    expect(recordSwitches(commands)).toEqual([]);
  });

  it('among the operations of the API, and what they take', () => {
    expect(ofTheApi.length).toBeGreaterThan(100);
    expect(recordSwitches(ofTheApi)).toEqual([]);
    expect(recordSwitches(membersIn(api.components.schemas))).toEqual([]);
  });

  it('the API only reads the record', () => {
    const ofTheRecord = operations.filter(({ path }) => path.startsWith('/v1/audit'));
    expect(ofTheRecord.map(({ path }) => path)).toContain('/v1/audit');
    expect(ofTheRecord.filter(({ method }) => method !== 'get')).toEqual([]);
  });

  it('no statement of the sources changes or removes what was recorded', () => {
    const changes =
      /\b(?:drop table(?: if exists)?|update|delete from|truncate(?: table)?)\s+events\.event\b|\bevents\.event disable trigger\b|\b(?:update|delete from|truncate(?: table)?)\s+(?:read\w*\.)?audit_trail/i;
    const changing = sources.filter((file) => changes.test(readFileSync(file, 'utf8')));
    // The demonstration shows that it is found out.
    expect(changing).toEqual(['apps/demo/src/tamper.ts']);
  });

  it.each([
    'HOLDFAST_AUDIT_DISABLED',
    'HOLDFAST_SKIP_EVENTS',
    'HOLDFAST_RETENTION_DAYS',
    'audit-level',
    'event-sampling',
    'override set --no-audit',
    'host events prune',
    'host ledger truncate',
    'delete /v1/audit/{position} deleteEvent',
    'post /v1/retention setRetention',
    'skipRecord',
    'suppressEvents',
  ])('%s would be found', (planted) => {
    expect(recordSwitches(['HOLDFAST_PROXY_PORT', planted])).toEqual([planted]);
  });
});

describe('R05: whoever gives out rights', () => {
  it.each(['author', 'approver', 'qa'] as const)('is not %s as well', (role) => {
    expect(excludingPair(['admin', role])).toEqual(['admin', role]);
    expect(excludingPair([`${role}@production`, 'admin'])).toEqual(['admin', role]);
  });

  it.each(ROLES)('%s alone is no two roles', (role) => {
    expect(excludingPair([role])).toBeUndefined();
  });
});
