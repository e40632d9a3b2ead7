import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { openApiDocument } from './document.js';

/** `node dist/apps/control/src/openapi/main.js <file>`: writes the OpenAPI document, the same bytes for the same routes. */
const [, , file] = process.argv;
const text = `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
if (file === undefined) process.stdout.write(text);
else await writeFile(file, text);
