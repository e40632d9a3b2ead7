import { Encrypter } from 'age-encryption';
import { BackupError } from './errors.js';

const HOW = `Make a key pair with "age-keygen -o backup-identity.txt" (Debian's package age): it prints the recipient, age1…; keep the file away from this machine`;

/**
 * Encrypts for all recipients: each alone can decrypt.
 * @param recipients age's, `age1…`
 * @throws BackupError `no-recipient`, `bad-recipient`, with how to make one
 */
export function encrypterFor(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0)
    throw new BackupError(
      'no-recipient',
      `a backup holds keys and password verifiers, encrypted: name with --recipient who may read them. ${HOW}`,
    );
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    // An identity is a secret: it is not repeated, wherever it was typed by mistake.
    if (/^age-secret-key/i.test(recipient))
      throw new BackupError(
        'bad-recipient',
        '--recipient was given an identity, which is the secret half: give its recipient, age1… ("age-keygen -y" prints it), and make a new pair if others could read this',
      );
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new BackupError(
        'bad-recipient',
        `--recipient ${JSON.stringify(recipient)} is no recipient of age. ${HOW}`,
        { cause },
      );
    }
  }
  return encrypter;
}
