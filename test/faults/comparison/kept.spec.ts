import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { KeptBlobs } from './kept.js';
import type { PolicyMove } from './requests.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-kept-'));
});
afterEach(() => rm(folder, { recursive: true }));

const hash = (algorithm: string, content: string): string =>
  createHash(algorithm).update(content).digest('hex');

function file(digest: string): string {
  return path.join(folder, 'sha256', digest.slice(0, 2), digest);
}

/** Keeps content under its digest. */
async function keep(content: string): Promise<string> {
  const digest = hash('sha256', content);
  await mkdir(path.dirname(file(digest)), { recursive: true });
  await writeFile(file(digest), content);
  return digest;
}

/** A manifest for an artefact that is kept with it. */
async function keepCaptured(artefact: string, sha3_384 = hash('sha3-384', artefact)): Promise<string> {
  const sha256 = await keep(artefact);
  return await keep(JSON.stringify({ blob: { sha256, sha3_384 } }));
}

async function findings(manifest: string): Promise<string> {
  const found = new Findings();
  await new KeptBlobs(folder).compare([{ manifest } as unknown as PolicyMove], found);
  return found.all.join('\n');
}

describe('what approvals rest on', () => {
  it('is kept, and what its digests say', async () => {
    expect(await findings(await keepCaptured('an artefact'))).toBe('');
  });

  it('is found missing or altered, manifest or artefact', async () => {
    const manifest = await keepCaptured('an artefact');
    const artefact = hash('sha256', 'an artefact');
    await writeFile(file(artefact), 'another one');
    expect(await findings(manifest)).toMatch(`kept blob ${artefact} is altered`);
    await rm(file(artefact));
    expect(await findings(manifest)).toMatch(`kept blob ${artefact} is missing`);
    await rm(file(manifest));
    expect(await findings(manifest)).toBe(`kept blob ${manifest} is missing`);
  });

  it('is found to be another artefact than the manifest names', async () => {
    const manifest = await keepCaptured('an artefact', hash('sha3-384', 'the one that was approved'));
    expect(await findings(manifest)).toMatch(`is not what ${manifest} says`);
  });
});
