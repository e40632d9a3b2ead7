import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import type { JsonObject } from '#kernel';
import { openApiDocument } from './document.js';
import { inVersion31 } from './version-3-1.js';

/** `node dist/apps/control/src/openapi/main.js <file>`: writes the OpenAPI document, the same bytes for the same routes. */
const [, , file] = process.argv;
// Through JSON: the builder leaves members that are undefined.
const document = JSON.parse(JSON.stringify(await openApiDocument())) as JsonObject;
const text = `${JSON.stringify(inVersion31(document), null, 2)}\n`;
if (file === undefined) process.stdout.write(text);
else await writeFile(file, text);
