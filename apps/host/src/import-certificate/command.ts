import { InvalidArgumentError, type Command } from 'commander';
import { loadConfig } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { readPair } from '#platform/tls/tls-pair';
import { selfSigned } from '#platform/tls/writing/self-signed';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { reasonOf, withReason, type ReasonOptions } from '../reason-options.js';
import { openStoreInUse } from '../store-in-use.js';
import { certificatePlaces } from './certificate-places.js';
import { dropCertificate, importCertificate, type CertificateCommand } from './import-certificate.js';
import { reachedAs } from './reached-as.js';
import { readInput, type Input } from './read-input.js';
import { whatToTell } from './what-to-tell.js';
import { withSiteSettings } from '../site-settings.js';

interface Options extends ReasonOptions {
  readonly selfsigned: boolean;
  readonly remove: boolean;
  readonly name: readonly string[];
  readonly days: number;
}

const LONGEST_DAYS = 3_650;

/** The site may be up: its servers see what changes. */
export function addImportCertificate(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  input: Input,
): void {
  const command = program
    .command('import-certificate')
    .description(
      'serve HTTPS: take certificate, chain and key from standard input (PEM, in any order), check them, and put them in place; control and proxy take a new one without a restart',
    )
    .option('--selfsigned', 'make one that signs itself, and read nothing', false)
    .option('--days <n>', 'how long one that signs itself is good for', days, 825)
    .option(
      '--name <host...>',
      'names that it must be for, beside those of HOLDFAST_PROXY_URL and HOLDFAST_CONTROL_URL',
      [],
    )
    .option('--remove', 'go back to plain HTTP with the next start', false);
  withReason(command).action(async (options: Options) => {
    if (options.selfsigned && options.remove)
      return command.error("error: '--selfsigned' and '--remove' exclude each other");
    const config = loadConfig(HostConfig, withSiteSettings(env));
    const reason = reasonOf(options);
    if (options.remove) {
      await withSite(config, async (site) => dropCertificate({ ...site, reason }));
      return print('the certificate is removed: plain HTTP is served from the next start of the servers on');
    }
    const hosts = reachedAs(config, options.name);
    const pair = options.selfsigned
      ? selfSigned(hosts, options.days, Date.now())
      : readPair(await readInput(input));
    const told = await withSite(config, async (site) => {
      const before = await importCertificate(pair, hosts, { ...site, reason });
      return whatToTell(pair, site.places, before);
    });
    for (const line of told) print(line);
  });
}

type Site = Omit<CertificateCommand, 'reason'>;

/** @throws Error with a sentence when there is no site */
async function withSite<Result>(config: HostConfig, use: (site: Site) => Promise<Result>): Promise<Result> {
  const home = new Home(config.home);
  const places = await certificatePlaces(home, config.certificateFile);
  return withDatabase(config, async (ownerUrl) => {
    const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
    try {
      return await use({ home, places, writer: new StreamWriter(store, config.zone) });
    } finally {
      await store.close();
    }
  });
}

function days(text: string): number {
  const number = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > LONGEST_DAYS)
    throw new InvalidArgumentError(`it is a number of days, 1 to ${LONGEST_DAYS}.`);
  return number;
}
