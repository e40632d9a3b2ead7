import { glob, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const HOOK = /^(before|after)(Each|All)\(/m;

/** vitest.config.ts: a worker loads a module once, for the first spec file that imports it, and a hook would be that file's alone. */
it('no module that spec files share has a hook at its top level', async () => {
  const registering: string[] = [];
  let modules = 0;
  for await (const file of glob('{apps,libs,test}/**/*.ts', { exclude: ['**/*.spec.ts'] })) {
    modules += 1;
    if (HOOK.test(await readFile(file, 'utf8'))) registering.push(file);
  }
  expect(modules).toBeGreaterThan(500);
  expect(registering).toEqual([]);
});
