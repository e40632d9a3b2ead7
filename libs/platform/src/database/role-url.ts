import { createHmac, hkdfSync, pbkdf2Sync, createHash } from 'node:crypto';

/** The servers that have a PostgreSQL role of their own. */
export type DatabaseRole = 'control' | 'worker' | 'projector' | 'proxy';

export const DATABASE_ROLES: readonly DatabaseRole[] = ['control', 'worker', 'projector', 'proxy'];

/** The role's name in PostgreSQL. */
export function roleName(role: DatabaseRole): string {
  return `holdfast_${role}`;
}

/** The owner's URL, changed to log in as `role`: same server, same database. `siteKey`: 32 bytes. */
export function roleUrl(ownerUrl: string, role: DatabaseRole, siteKey: Uint8Array): string {
  const url = new URL(ownerUrl);
  url.username = roleName(role);
  url.password = rolePassword(role, siteKey);
  return url.href;
}

/** Derived, so that nobody has to keep or hand over four passwords: HKDF-SHA256 (RFC 5869) of the site key, as hex. */
export function rolePassword(role: DatabaseRole, siteKey: Uint8Array): string {
  return derive(siteKey, `database-role/${roleName(role)}`, 32).toString('hex');
}

/**
 * What PostgreSQL keeps of the password (RFC 5802 with SHA-256). Given in place of the password, the statement that sets it may be
 * logged. The salt is derived too: preparing a database again changes nothing.
 */
export function roleVerifier(role: DatabaseRole, siteKey: Uint8Array): string {
  const salt = derive(siteKey, `database-role-salt/${roleName(role)}`, 16);
  return scramVerifier(rolePassword(role, siteKey), salt);
}

const ITERATIONS = 4096;

/** `SCRAM-SHA-256$…`, the form of pg_authid.rolpassword. `password` in ASCII. */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyFor = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyFor('Client Key')).digest('base64');
  const serverKey = keyFor('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}

function derive(siteKey: Uint8Array, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', siteKey, '', info, length));
}
