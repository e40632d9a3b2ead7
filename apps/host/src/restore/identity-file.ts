import { readFile } from 'node:fs/promises';
import { Decrypter } from 'age-encryption';
import { BackupError } from '../backup/errors.js';

/**
 * Decrypts with an identity file as `age-keygen` writes it.
 * @throws BackupError `bad-identity`, `wrong-identity`, `backup-damaged`
 */
export async function decryptWith(identityFile: string, encrypted: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of await readIdentities(identityFile)) {
    try {
      decrypter.addIdentity(identity);
    } catch (cause) {
      throw badIdentity(identityFile, 'holds an identity that age does not know', cause);
    }
  }
  try {
    return await decrypter.decrypt(encrypted);
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('no identity matched'))
      throw new BackupError(
        'wrong-identity',
        `the secrets were not encrypted to the identity in ${identityFile}; "recipients" in the backup's manifest says to whom`,
        { cause },
      );
    throw new BackupError('backup-damaged', 'the secrets cannot be decrypted: they are damaged', { cause });
  }
}

async function readIdentities(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw badIdentity(file, `cannot be read (${cause.code ?? cause.message})`, cause);
  });
  if (text.startsWith('age-encryption.org/') || text.startsWith('-----BEGIN AGE'))
    throw badIdentity(file, 'is itself encrypted: decrypt it first with "age --decrypt"');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0 || identities.some((line) => !line.startsWith('AGE-SECRET-KEY-')))
    throw badIdentity(
      file,
      'is no identity file as "age-keygen" makes it: lines that begin with AGE-SECRET-KEY-',
    );
  return identities;
}

function badIdentity(file: string, how: string, cause?: unknown): BackupError {
  return new BackupError('bad-identity', `${file} ${how}`, { cause });
}
