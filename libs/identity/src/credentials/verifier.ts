import { hash, verify, type Options } from '@node-rs/argon2';

/** OWASP's second choice for Argon2id (19 MiB, 2 passes, 1 lane): about 30 ms, and not so much memory that signing in floods a host. */
const ARGON2ID: Options = {
  // Argon2id. The package's enum is const and ambient, which isolated modules cannot read.
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** A new verifier (PHC string) with a random salt. */
export async function makeVerifier(secret: string): Promise<string> {
  return hash(normalised(secret), ARGON2ID);
}

export async function isRight(verifier: string, secret: string): Promise<boolean> {
  return verify(verifier, normalised(secret));
}

let nobodys: Promise<string> | undefined;

/** As much work as verifying, for whom there is nothing to verify: the time taken must not tell who exists. */
export async function pretendToVerify(secret: string): Promise<void> {
  nobodys ??= makeVerifier('nobody has this password');
  await isRight(await nobodys, secret);
}

/** The same password typed on another keyboard is the same password (RFC 8265, 4.2: NFC). */
function normalised(secret: string): string {
  return secret.normalize('NFC');
}
