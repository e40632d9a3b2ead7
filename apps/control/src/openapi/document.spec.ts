import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { openApiDocument } from './document.js';
import { inVersion31 } from './version-3-1.js';

it('describes the routes as they are: after a change, npm run generate', async () => {
  const committed: unknown = JSON.parse(await readFile('docs/reference/openapi.json', 'utf8'));
  // Through JSON, as the file was: the builder leaves members that are undefined.
  const document = JSON.parse(JSON.stringify(await openApiDocument())) as JsonObject;
  expect(inVersion31(document)).toEqual(committed);
});
