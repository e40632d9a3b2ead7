import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processCli } from '../cli.js';
import { OWN_NAME } from '../names.js';
import { buildProgram } from '../program.js';
import { cliReference, exitCodesReference } from './cli-reference.js';

/** `node dist/apps/cli/src/reference/main.js <folder>`: writes cli.md and exit-codes.md, the same bytes for the same commands. */
const [, , folder = 'docs/reference'] = process.argv;
await writeFile(join(folder, 'cli.md'), cliReference(buildProgram({ ...processCli(), name: OWN_NAME })));
await writeFile(join(folder, 'exit-codes.md'), exitCodesReference());
