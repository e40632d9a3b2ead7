import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostProgram } from '../program.js';
import { hostReference } from './host-reference.js';

/** `node dist/apps/host/src/reference/main.js <folder>`: writes host-commands.md, the same bytes for the same commands. */
const [, , folder = 'docs/reference'] = process.argv;
const all = await hostProgram(undefined, {}, () => undefined);
await writeFile(join(folder, 'host-commands.md'), hostReference(all));
