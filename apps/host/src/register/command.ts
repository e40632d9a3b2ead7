import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { readTrustRoots } from '#catalog/trust-roots';
import { sentenceOf } from '#kernel';
import { loadConfig } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { SiteError } from '#site/domain/errors';
import { givenAssertions, REGISTRATION_LIMIT } from '#site/registration/given-registration';
import { HttpUpstreamStore, readWayOut, upstreamSettings } from '#upstream/published';
import { ConnectionsConfig } from '../check-connections/config.js';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import type { Input } from '../import-certificate/read-input.js';
import { reasonOf, withReason, type ReasonOptions } from '../reason-options.js';
import { openStoreInUse } from '../store-in-use.js';
import { completeChain } from './complete-chain.js';
import { register, unregister, type RegistrationCommand } from './register.js';
import { registrationFiles } from './registration-files.js';
import { withSiteSettings } from '../site-settings.js';

interface Options extends ReasonOptions {
  readonly remove: boolean;
}

/** The site may be up: its proxy reads the file whenever it is asked. */
export function addRegister(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  input: Input,
): void {
  const command = program
    .command('register')
    .argument(
      '[file]',
      'the store assertion with its chain, or a registration_bundle.b64 of the Snap Store Proxy; standard input for -, and without',
    )
    .description(
      "take the store's registration, so that devices can set proxy.store: it is verified, and served at /v2/auth/store/assertions and in /setup",
    )
    .option('--remove', 'serve it no longer', false);
  withReason(command).action(async (file: string | undefined, options: Options) => {
    const told = withSiteSettings(env);
    const config = loadConfig(HostConfig, told);
    const reason = reasonOf(options);
    if (options.remove) {
      await withSite(config, (site) => unregister({ ...site, reason }));
      return print('the registration is removed; devices that have it go on following its address');
    }
    const given = givenAssertions(await readGiven(file, input));
    const roots = await readTrustRoots(config.trustRootsDir);
    const connections = loadConfig(ConnectionsConfig, told);
    const upstream = new HttpUpstreamStore(
      upstreamSettings(
        connections.upstreamUrl,
        connections.upstreamOrigins,
        {},
        await readWayOut(connections),
      ),
    );
    try {
      const chain = await completeChain(given, roots, upstream);
      const { storeId, operatorId, url } = await withSite(config, (site) =>
        register(chain, roots, config.proxyUrl, { ...site, reason }),
      );
      print(`the store ${storeId} of operator ${operatorId} is registered, for ${url}`);
      for (const line of forDevices(url, new Home(config.home).certificateAuthority())) print(line);
      print('or see docs/how-to/connect-a-device.md for cloud-init, MAAS, and how to do it by hand.');
    } finally {
      await upstream.close();
    }
  });
}

/** What to run on each. @param authority the file with a private authority's certificate, which a device does not know before */
function forDevices(url: string, authority: string): readonly string[] {
  const setup = `${url.replace(/\/+$/, '')}/setup`;
  if (!url.startsWith('https:') || !existsSync(authority))
    return ['On each device:', `  curl -fsSL ${setup} | sudo sh`];
  return [
    `On each device, with ${authority} copied over by a way that you trust:`,
    `  curl -fsSL --cacert ${basename(authority)} ${setup} | sudo sh`,
  ];
}

type Site = Omit<RegistrationCommand, 'reason'>;

/** @throws Error with a sentence when there is no site */
async function withSite<Result>(config: HostConfig, use: (site: Site) => Promise<Result>): Promise<Result> {
  const files = await registrationFiles(new Home(config.home), config.registrationFile);
  return withDatabase(config, async (ownerUrl) => {
    const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
    try {
      return await use({ files, writer: new StreamWriter(store, config.zone) });
    } finally {
      await store.close();
    }
  });
}

/** @throws SiteError `not-a-registration` for a file that cannot be read, at a terminal, and as soon as there is too much */
async function readGiven(file: string | undefined, input: Input): Promise<string> {
  if (file === undefined || file === '-') return readAll(input);
  try {
    return await readAll(createReadStream(file));
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw new SiteError('not-a-registration', `${file} cannot be read: ${sentenceOf(error)}`, {
      cause: error,
    });
  }
}

async function readAll(input: Input): Promise<string> {
  if (input.isTTY === true)
    throw new SiteError('not-a-registration', 'name a file, or give the registration on standard input');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > REGISTRATION_LIMIT)
      throw new SiteError(
        'not-a-registration',
        `this is no registration: it is larger than ${REGISTRATION_LIMIT / 1024} KiB`,
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
