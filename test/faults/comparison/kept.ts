import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Findings } from '../findings.js';
import type { PolicyMove } from './requests.js';

/** What approvals rest on: each manifest that the policy ever named, and its blob, are kept, and are what their digests say. */
export class KeptBlobs {
  private readonly compared = new Set<string>();

  constructor(private readonly folder: string) {}

  async compare(moves: readonly PolicyMove[], findings: Findings): Promise<void> {
    for (const { manifest } of moves) {
      if (manifest === undefined || this.compared.has(manifest)) continue;
      const text = await this.read(manifest, findings);
      if (!text) continue;
      const { blob } = JSON.parse(text.toString()) as { blob: { sha256: string; sha3_384: string } };
      const content = await this.read(blob.sha256, findings);
      const sha3_384 = content && createHash('sha3-384').update(content).digest('hex');
      findings.expect(sha3_384 === blob.sha3_384, `kept blob ${blob.sha256} is not what ${manifest} says`);
      this.compared.add(manifest);
    }
  }

  private async read(digest: string, findings: Findings): Promise<Buffer | undefined> {
    const bytes = await readFile(join(this.folder, 'sha256', digest.slice(0, 2), digest)).catch(
      () => undefined,
    );
    const found = bytes && createHash('sha256').update(bytes).digest('hex');
    findings.expect(
      found === digest,
      `kept blob ${digest} is ${found === undefined ? 'missing' : 'altered'}`,
    );
    return bytes;
  }
}
