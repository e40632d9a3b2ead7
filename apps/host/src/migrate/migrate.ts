import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeStore, givenAssertions } from '#site/registration/given-registration';
import { SiteError } from '#site/domain/errors';
import { readIncumbentConfig } from './incumbent-config.js';
import { readIncumbentOverrides, type IncumbentOverride } from './incumbent-overrides.js';
import { moveSettings, type MovedForwardProxy } from './settings.js';

/** What an operator took from the incumbent: the texts of files. */
export interface Taken {
  readonly config: string;
  readonly registration: string | undefined;
  readonly overrides: string | undefined;
}

const CREDENTIALS = 'forward-proxy-credentials';
const CREDENTIALS_VARIABLE = 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE';

/** Overrides of one change request, which takes 5,000 targets at most: five architectures of each. */
const OVERRIDES_AT_ONCE = 1_000;

/** What was written, and what is to be done with it, in order. */
export interface Migration {
  readonly overrides: number;
  readonly told: readonly string[];
}

/**
 * Turns what the incumbent exports into files that the site's own commands take, and says which: nothing of the site is changed here, so that each
 * step is looked at, has its reason, and is recorded by the command that does it.
 * @param folder made if it is not there; nobody else can read it, since a private key may be in it
 * @throws SiteError, SiteError `not-a-registration`
 */
export async function migrate(taken: Taken, folder: string): Promise<Migration> {
  const overrides = taken.overrides === undefined ? [] : readIncumbentOverrides(taken.overrides);
  const requests = inRequests(overrides);
  const registered =
    taken.registration === undefined ? undefined : describeStore(givenAssertions(taken.registration)).url;
  const moved = moveSettings(readIncumbentConfig(taken.config), registered);
  const { certificate, forwardProxy } = moved;
  const at = (name: string): string => path.join(folder, name);
  const settings = {
    ...moved.settings,
    ...(forwardProxy?.credentials === undefined ? {} : { [CREDENTIALS_VARIABLE]: at(CREDENTIALS) }),
  };
  const files: Readonly<Record<string, string | undefined>> = {
    environment: environment(settings),
    'certificate.pem': certificate,
    [CREDENTIALS]: forwardProxy?.credentials && `${forwardProxy.credentials}\n`,
    'registration.given': taken.registration,
    ...Object.fromEntries(requests.map(([name, items]) => [name, `${JSON.stringify(items, null, 2)}\n`])),
  };
  await makeEmpty(folder);
  for (const [name, text] of Object.entries(files)) {
    if (text !== undefined) await writeFile(at(name), text, { mode: 0o600, flag: 'wx' });
  }
  return {
    overrides: overrides.length,
    told: [...steps(files, at, requests, forwardProxy), ...moved.notes.map((note) => `note: ${note}`)],
  };
}

/** A file for each change request, and what is in it. */
type Request = readonly [file: string, overrides: readonly IncumbentOverride[]];

function inRequests(overrides: readonly IncumbentOverride[]): readonly Request[] {
  const count = Math.ceil(overrides.length / OVERRIDES_AT_ONCE);
  return Array.from({ length: count }, (_, n) => [
    count === 1 ? 'overrides.json' : `overrides-${n + 1}.json`,
    overrides.slice(n * OVERRIDES_AT_ONCE, (n + 1) * OVERRIDES_AT_ONCE),
  ]);
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new SiteError('folder-not-empty', `${folder} is not empty: name a new folder`);
}

/** As `node --env-file` and systemd's `EnvironmentFile=` read it. */
function environment(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (/["\\\n$`]/.test(value))
        throw new SiteError(
          'not-an-export',
          `the value for ${name} has a quote, a backslash, a dollar sign, a backtick or a line break`,
        );
      return `${name}="${value}"\n`;
    })
    .join('');
}

function steps(
  files: Readonly<Record<string, string | undefined>>,
  at: (name: string) => string,
  requests: readonly Request[],
  forwardProxy: MovedForwardProxy | undefined,
): string[] {
  const reason = '--reason "moved from the Snap Store Proxy"';
  const all = [
    `add ${at('environment')} to the servers' settings, with DATABASE_URL beside it, and start them`,
    ...(files['certificate.pem'] === undefined
      ? []
      : [`holdfast import-certificate ${reason} <${at('certificate.pem')}`]),
    ...(files['registration.given'] === undefined
      ? [
          'get the registration: curl -fsSL http://OLD-PROXY/v2/auth/store/assertions, and give it to holdfast register',
        ]
      : [`holdfast register ${at('registration.given')} ${reason}`]),
    ...(forwardProxy?.credentials === undefined
      ? []
      : secretSteps(forwardProxy.address, at(CREDENTIALS), reason)),
    ...requests.map(
      ([name, { length }]) =>
        `curl -X POST -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d @${at(name)} CONTROL/v2/metadata/overrides: one change request with ${length}, to be approved`,
    ),
    'compare, then let the name of the old proxy lead here: docs/tutorials/move-in.md',
  ];
  return all.map((step, i) => `${i + 1}. ${step}`);
}

/**
 * The credentials become a secret setting, which takes somebody who is signed in. Until then the servers read the file: the first start needs the way
 * out already, for what `register` fetches.
 */
function secretSteps(address: string, file: string, reason: string): readonly string[] {
  return [
    `as an operator: holdfast config forward-proxy=${address} forward-proxy-credentials=- ${reason} <${file}`,
    `take HOLDFAST_FORWARD_PROXY and ${CREDENTIALS_VARIABLE}, which win over that, out of the servers' settings, and start them again; once holdfast check-connections reaches all without them: rm ${file}`,
  ];
}
