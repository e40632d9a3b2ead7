import { execFile } from 'node:child_process';
import { copyFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withPlantedTree } from './planted-tree.js';

const ROOT = join(import.meta.dirname, '../..');

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

/** What oxlint says about one file, under this repository's rules. */
function complaints(source: string, path: string): Promise<string[]> {
  return withPlantedTree({ [path]: source }, async (folder) => {
    await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const stdout = await new Promise<string>((resolve, reject) => {
      const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
      const args = [oxlint, '--type-aware', '--deny-warnings', '--format', 'json', path];
      // Complaints make it exit 1; that is what is wanted here.
      execFile(process.execPath, args, { cwd: folder }, (error, out) =>
        out.startsWith('{') ? resolve(out) : reject(error ?? new Error(out)),
      );
    });
    return (JSON.parse(stdout) as Report).diagnostics.map(({ code, message }) => `${code} ${message}`);
  });
}

/** The type that no code of ours has; here it is a part of what the linter must refuse. */
const UNCHECKED = 'any';
const UNION = "type Kind = 'a' | 'b';\n";
const rejected: readonly (readonly [rule: string, source: string, path?: string])[] = [
  ['no-floating-promises', 'export function f(): void {\n  Promise.resolve(1);\n}\n'],
  ['no-misused-promises', 'export function f(): void {\n  [1].forEach(async () => Promise.resolve());\n}\n'],
  ['await-thenable', 'export async function f(): Promise<void> {\n  await 1;\n}\n'],
  [
    'switch-exhaustiveness-check',
    `${UNION}export function f(k: Kind): number {\n  switch (k) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n`,
  ],
  [
    'switch-exhaustiveness-check',
    `${UNION}export function f(k: Kind): number {\n  switch (k) {\n    case 'a':\n      return 1;\n    default:\n      return 2;\n  }\n}\n`,
  ],
  ['no-explicit-any', `export const x: ${UNCHECKED} = 1;\n`],
  ['no-non-null-assertion', 'export function f(x: string[]): string {\n  return x[0]!;\n}\n'],
  ['no-unsafe-return', 'export function f(x: string): number {\n  return JSON.parse(x);\n}\n'],
  ['no-unused-vars', 'const x = 1;\nexport const y = 2;\n'],
  ['no-console', "export function f(): void {\n  console.log('x');\n}\n"],
  ['no-default-export', 'export default 1;\n'],
  ['filename-case', 'export const x = 1;\n', 'libs/site/src/FileName.ts'],
  ['max-lines', 'export {};\n'.repeat(251)],
  ['no-focused-tests', "import { it } from 'vitest';\nit.only('x', () => {});\n", 'libs/site/src/x.spec.ts'],
  ['no-restricted-imports', "export * from '../../../libs/site/src/x.js';\n"],
  [
    'consistent-type-imports',
    "import { readFile } from 'node:fs';\nexport type R = typeof readFile;\n",
    'libs/kernel/src/x.ts',
  ],
];
const BANNED = ['EventBus', 'EventsHandler', 'Saga', 'AggregateRoot', 'EventPublisher'];

describe('lint rules', () => {
  it.each(rejected.map(([rule, source, path = 'libs/site/src/x.ts']) => ({ rule, source, path })))(
    '$rule',
    async ({ rule, source, path }) => {
      expect(await complaints(source, path)).toContainEqual(expect.stringContaining(`(${rule})`));
    },
  );

  it('ban the event half of @nestjs/cqrs, each name', async () => {
    const found = await complaints(
      `export { ${BANNED.join(', ')} } from '@nestjs/cqrs';\n`,
      'libs/site/src/x.ts',
    );
    const banned = found.filter((complaint) => complaint.includes('no-restricted-imports'));
    for (const name of BANNED) expect(banned).toContainEqual(expect.stringContaining(`'${name}'`));
  });

  it('permit its command half, and injected classes imported as values', async () => {
    const source =
      "import { CommandBus, QueryBus } from '@nestjs/cqrs';\nexport class A {\n  constructor(readonly a: CommandBus, readonly b: QueryBus) {}\n}\n";
    expect(await complaints(source, 'libs/site/src/commands/x/route.ts')).toEqual([]);
  });
});
