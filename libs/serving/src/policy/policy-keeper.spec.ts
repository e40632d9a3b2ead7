import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '#release-control/published';
import { PolicyFile } from './policy-file.js';
import { PolicyKeeper } from './policy-keeper.js';
import type { SignedPolicy } from './signed-policy.js';

let folder: string;
let file: string;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-keeper-'));
  file = join(folder, 'default.json');
  told = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function keeper(): PolicyKeeper {
  // What is signed is verified elsewhere: here every document is good, and its text is its position.
  const verify = ({ document }: SignedPolicy) =>
    ({ position: Buffer.from(document).toString() }) as unknown as PolicyDocument;
  return new PolicyKeeper(verify, new PolicyFile(file), {
    obeyed: ({ document }, from) => told.push(`obeyed ${document.position} from ${from}`),
    refused: (code) => told.push(`refused ${code}`),
    notSaved: () => told.push('not saved'),
  });
}

function at(position: number): SignedPolicy {
  return { document: Buffer.from(String(position)), note: 'signed' };
}

describe('what a proxy obeys', () => {
  it('is what it obeyed before a restart, and never something older', async () => {
    await keeper().offer(at(7));
    const restarted = keeper();
    await restarted.resume();
    await restarted.offer(at(6));
    expect(told).toEqual(['obeyed 7 from database', 'obeyed 7 from disk', 'refused policy-rolled-back']);
    expect(restarted.current?.document.position).toBe('7');
  });

  it('is obeyed though the disk is full, and saved as soon as there is room', async () => {
    const inTheWay = `${file}.new`;
    await mkdir(inTheWay);
    const full = keeper();
    await full.offer(at(7));
    await full.offer(at(7));
    expect(told).toEqual(['obeyed 7 from database', 'not saved']);
    await rm(inTheWay, { recursive: true });
    // The same document, seen again at the next look.
    await full.offer(at(7));
    const restarted = keeper();
    await restarted.resume();
    expect(restarted.current?.document.position).toBe('7');
  });
});
