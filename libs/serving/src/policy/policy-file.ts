import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ifThere } from '#platform/if-there';
import type { SignedPolicy } from './signed-policy.js';

/** The last policy document that was obeyed, on local disk: what a restart without the database serves. */
export class PolicyFile {
  constructor(private readonly path: string) {}

  /**
   * Nothing in the file is trusted: the caller verifies what is read like what comes from the database.
   * @returns undefined when there is none
   * @throws Error when it is not a policy file
   */
  async load(): Promise<SignedPolicy | undefined> {
    const text = await ifThere(readFile(this.path, 'utf8'));
    return text === undefined ? undefined : parse(text);
  }

  /** Durable when it resolves; a crash on the way leaves the previous one. */
  async save(policy: SignedPolicy): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const temporary = `${this.path}.new`;
    const file = await open(temporary, 'w', 0o640);
    try {
      await file.writeFile(
        JSON.stringify({ document: Buffer.from(policy.document).toString('base64'), note: policy.note }),
      );
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
    await syncFolder(dirname(this.path));
  }
}

function parse(text: string): SignedPolicy {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'document' in value && 'note' in value) {
    const { document, note } = value;
    if (typeof document === 'string' && typeof note === 'string')
      return { document: Buffer.from(document, 'base64'), note };
  }
  throw new Error('the file of the last policy lacks its document or its note');
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
