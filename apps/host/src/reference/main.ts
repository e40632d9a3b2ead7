import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostProgram } from '../program.js';
import { hostReference } from './host-reference.js';
import { problemsReference } from './problems-reference.js';

/** `node dist/apps/host/src/reference/main.js <folder>`: writes host-commands.md and problems.md, the same bytes for the same commands and problems. */
const [, , folder = 'docs/reference'] = process.argv;
const all = await hostProgram(undefined, {}, () => undefined);
await writeFile(join(folder, 'host-commands.md'), hostReference(all));
await writeFile(join(folder, 'problems.md'), problemsReference());
