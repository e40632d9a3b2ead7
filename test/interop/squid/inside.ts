import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { HOSTS, INSIDE } from './hosts.js';
import { addressOf } from './namespaces.js';
import { ZoneProgram } from './zone-program.js';

/** What the name server knows: the hosts of the site that are reached directly. */
export const KNOWN_NAMES: ReadonlyMap<string, string> = new Map([
  [INSIDE.bucket, addressOf('bucket')],
  [INSIDE.incumbent, addressOf('incumbent')],
  [INSIDE.mail, addressOf('mail')],
  [INSIDE.syslog, addressOf('syslog')],
  [INSIDE.room, addressOf('webhooks')],
  [INSIDE.tokens, addressOf('login')],
]);

/** What the forward proxy lets through, and where that is. */
export const BY_THE_FORWARD_PROXY: ReadonlyMap<string, string> = new Map<string, string>([
  ...Object.values(HOSTS).map((name) => [name, addressOf('world')] as const),
  [INSIDE.hooks, addressOf('webhooks')],
  [INSIDE.login, addressOf('login')],
]);

/** Who is told of events, and who says who somebody is. */
export interface Inside {
  /** In PEM: of the authority that vouches for all of them. */
  readonly authority: string;
  readonly mail: ZoneProgram;
  readonly syslog: ZoneProgram;
  readonly webhooks: ZoneProgram;
  readonly provider: ZoneProgram;
}

/** Starts them. @param folder for their certificate @param redirectUri of control's page */
export async function startInside(folder: string, redirectUri: string): Promise<Inside> {
  const authority = TestAuthority.root('The Site');
  const { mail, syslog, room, hooks, login, tokens } = INSIDE;
  const { pem, keyPem } = authority.server([mail, syslog, room, hooks, login, tokens]);
  const pair = [join(folder, 'inside.pem'), join(folder, 'inside.key')] as const;
  await writeFile(pair[0], pem);
  await writeFile(pair[1], keyPem);
  const start = (zone: 'mail' | 'syslog' | 'webhooks' | 'login', program: string, ...more: string[]) =>
    ZoneProgram.ofTheFolder(zone, program, addressOf(zone), ...pair, ...more);
  return {
    authority: authority.pem,
    mail: start('mail', 'mail.ts'),
    syslog: start('syslog', 'syslog.ts'),
    webhooks: start('webhooks', 'webhooks.ts'),
    provider: start('login', 'identity-provider.ts', login, tokens, redirectUri),
  };
}
