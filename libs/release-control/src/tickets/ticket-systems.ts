import { readFile } from 'node:fs/promises';
import { SECRET_PREFIX } from '#platform/webhooks/standard-webhooks';
import { TICKET_SYSTEM } from '../domain/change-request/ticket.js';
import { ReleaseControlError } from '../domain/errors.js';

export const TICKET_SYSTEMS = Symbol('ticket systems');

/** The systems whose tickets may be asked for, and what each signs its messages with. */
export interface TicketSystems {
  /** Empty for a system that is not known: nothing is signed with none. */
  secretsOf(system: string): Promise<readonly string[]>;
}

const VARIABLE = 'HOLDFAST_TICKET_SYSTEMS_FILE';
/** The one that is in use, and the one before it or after it. */
const MOST_SECRETS = 2;
/** Bytes of a key, as Standard Webhooks has them. */
const KEY = { shortest: 24, longest: 64 };

/**
 * A file with a line for each secret: the system's name, a blank, the secret; two lines for a system whose secret is being replaced. Read at each message, so
 * that a secret that is withdrawn is withdrawn at once.
 */
export class TicketSystemsFile implements TicketSystems {
  /** @param file undefined: there are none; so too while there is no such file */
  constructor(private readonly file: string | undefined) {}

  /** @throws ReleaseControlError `ticket-systems-unreadable`, which shows no secret */
  async secretsOf(system: string): Promise<readonly string[]> {
    return (await this.read()).get(system) ?? [];
  }

  /** By system. @throws ReleaseControlError `ticket-systems-unreadable` */
  async read(): Promise<ReadonlyMap<string, readonly string[]>> {
    if (this.file === undefined) return new Map();
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw unreadable(`${JSON.stringify(this.file)} cannot be read`, error);
    }
    return parse(text);
  }
}

function parse(text: string): ReadonlyMap<string, readonly string[]> {
  const systems = new Map<string, readonly string[]>();
  for (const [i, line] of text.split('\n').entries()) {
    const said = line.trim();
    if (said === '' || said.startsWith('#')) continue;
    const [system = '', secret = '', ...more] = said.split(/\s+/);
    if (!TICKET_SYSTEM.test(system) || !isSecret(secret) || more.length > 0)
      throw unreadable(
        `line ${i + 1} is not a system's name and its secret (${SECRET_PREFIX} and ${KEY.shortest} to ${KEY.longest} bytes in Base64)`,
      );
    const before = systems.get(system) ?? [];
    if (before.length >= MOST_SECRETS)
      throw unreadable(`line ${i + 1} is one secret too many of ${system}: ${MOST_SECRETS} at most`);
    systems.set(system, [...before, secret]);
  }
  return systems;
}

function isSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = Buffer.from(text.slice(SECRET_PREFIX.length), 'base64');
  return length >= KEY.shortest && length <= KEY.longest;
}

function unreadable(what: string, cause?: unknown): ReleaseControlError {
  return new ReleaseControlError('ticket-systems-unreadable', `${VARIABLE}: ${what}`, { cause });
}
