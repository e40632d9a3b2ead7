import type { Command } from 'commander';
import { CliError } from '../cli-error.js';

/** Verbs of the Snap Store Proxy that have no place here, and what to do instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  reregister:
    'the site gets its new address as HOLDFAST_PROXY_URL, and "holdfast register FILE" takes the store assertion that names it, which Canonical makes',
  'generate-keys': 'the site makes its keys at its first start, and "holdfast backup" copies them, encrypted',
  'create-database': '"holdfast prepare" makes roles and schema in the database that DATABASE_URL names',
  'use-ca-certs':
    'name the file with the authorities in HOLDFAST_UPSTREAM_CA_FILE, and restart worker and proxy',
  'remove-ca-certs': 'take HOLDFAST_UPSTREAM_CA_FILE out of the settings, and restart worker and proxy',
  'add-admin': '"holdfast people add LOGIN --name NAME --role admin" enrols an admin',
  'enable-airgap-mode':
    'there is no mode to switch: what is held is kept, and is served whether upstream is there or not',
  'push-snap': '"holdfast override SNAP CHANNEL=REVISION" asks for a snap, and has it captured from upstream',
  'list-pushed-snaps': '"holdfast list-overrides" lists what is held',
  'push-store':
    'a whole store cannot be imported; "holdfast policy apply FILE" asks for all that a ring holds',
  'fetch-brand-store-metadata':
    'of a brand store the snaps are asked for by override, and captured with all that their publishers signed',
  'push-brand-store-metadata':
    'of a brand store the snaps are asked for by override, and captured with all that their publishers signed',
  'push-account-keys': 'put the assertions into the folder that HOLDFAST_TRUST_ROOTS names',
  'push-charms': 'charms are not served here',
  'push-charm-bundle': 'charms are not served here',
  'fetch-snaps':
    '"holdfast override SNAP CHANNEL=REVISION" asks for a snap, and has it captured from upstream',
  'fetch-account-keys': 'capturing a snap fetches the keys that it is signed with',
};

/** One sentence for each old verb that is not a command here. Not in the help: nobody should look for them. */
export function addOldVerbs(program: Command): void {
  const known = new Set(program.commands.map((command) => command.name()));
  for (const [verb, instead] of Object.entries(INSTEAD)) {
    if (known.has(verb)) continue;
    program
      .command(verb, { hidden: true })
      .allowUnknownOption()
      .helpOption(false)
      .argument('[words...]')
      .action(() => {
        throw new CliError('usage', `${verb} is not a command here: ${instead}`);
      });
  }
}
