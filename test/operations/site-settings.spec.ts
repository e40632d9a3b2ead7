import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ControlConfig } from '#apps/control/src/config';
import { readSignOnSettings } from '#apps/control/src/sign-on-settings';
import { ProjectorConfig } from '#apps/projector/src/config';
import { ProxyConfig } from '#apps/proxy/src/config';
import { WorkerConfig } from '#apps/worker/src/config';
import { ConfigError, loadConfig, shownSettings, variablesOf } from '#platform/config';
import { SECRET_SETTINGS } from '#site/domain/settings/secret-settings';
import { SITE_SETTINGS, type SettingReader } from '#site/domain/settings/site-settings';
import { refusedSecret, refusedSettings, SiteSettingsConfig } from '#site/settings/refused-settings';
import { readWayOut } from '#upstream/published';
import { ENOUGH, EXAMPLES, SINGLE_SIGN_ON } from './setting-examples.js';

const CLASSES = {
  control: ControlConfig,
  worker: WorkerConfig,
  projector: ProjectorConfig,
  proxy: ProxyConfig,
};
const cases = SITE_SETTINGS.flatMap((setting) =>
  setting.readBy.map((reader) => [setting.key, reader, setting] as const),
);

function load(
  reader: SettingReader,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return shownSettings(loadConfig<object>(CLASSES[reader], { ...ENOUGH[reader], ...env }));
}

describe('the settings of a site are those of its servers', () => {
  it.each(cases)(
    '%s: what nobody sets is what %s takes by itself',
    (_key, reader, { variable, fallback }) => {
      expect(load(reader, { [variable]: fallback ?? '' })).toEqual(load(reader, {}));
    },
  );

  it.each(cases)('%s is right and wrong as for %s', (key, reader, { variable }) => {
    const { right = '', wrong = '' } = EXAMPLES[variable] ?? {};
    expect(refusedSettings(new Map([[key, right]]))).toEqual([]);
    expect(load(reader, { [variable]: right })).not.toEqual(load(reader, {}));
    expect(refusedSettings(new Map([[key, wrong]]))).toMatchObject([
      { setting: { key }, sentence: expect.stringMatching(`^${key} is "`) as string },
    ]);
    expect(() => load(reader, { [variable]: wrong })).toThrow(ConfigError);
  });

  it.each([...SITE_SETTINGS, ...SECRET_SETTINGS].map(({ variable, readBy }) => [variable, readBy] as const))(
    '%s is read by %s',
    (variable, readBy) => {
      const readers = (['control', 'worker', 'projector', 'proxy'] as const).filter((each) =>
        variablesOf(CLASSES[each]).includes(variable),
      );
      expect(readers).toEqual(readBy);
    },
  );

  it.each([
    ['holdfast:hunter2', true],
    ['holdfast:', true],
    ['holdfast: with : colons and a space ', true],
    ['holdfast', false],
    [':hunter2', false],
    ['holdfast:hunter2\nholdfast:other', false],
  ])('credentials of the forward proxy: %j is right and wrong as in their file', async (value, right) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-credentials-'));
    try {
      const forwardProxyCredentialsFile = join(folder, 'credentials');
      await writeFile(forwardProxyCredentialsFile, `${value}\n`);
      const settings = { forwardProxy: 'http://a.example', noProxy: '', upstreamCaFile: undefined };
      const read = readWayOut({ ...settings, forwardProxyCredentialsFile });
      const proxy = await read.then(
        ({ proxy: found }) => found,
        () => undefined,
      );
      const sent = right ? `Basic ${Buffer.from(value).toString('base64')}` : undefined;
      expect(proxy?.authorization).toBe(sent);
      expect(refusedSecret({ key: 'forward-proxy-credentials', value })).toHaveLength(right ? 0 : 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    ['a client secret, with ÄÖ', false],
    ['seven77', false],
    ['eight888', true],
    ['two\nlines', false],
  ])('a client secret: %j is right and wrong as in its file', async (value, right) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-client-secret-'));
    try {
      const ssoClientSecretFile = join(folder, 'secret');
      await writeFile(ssoClientSecretFile, `${value}\n`);
      const read = await readSignOnSettings({ ...SINGLE_SIGN_ON, ssoClientSecretFile }).catch(
        () => undefined,
      );
      expect(read?.clientSecret).toBe(right ? value : undefined);
      expect(refusedSecret({ key: 'sso-client-secret', value })).toHaveLength(right ? 0 : 1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has the rules of each, and no other', () => {
    expect([...variablesOf(SiteSettingsConfig)].sort()).toEqual(
      SITE_SETTINGS.map(({ variable }) => variable).sort(),
    );
  });

  it('is marked in the reference, each', () => {
    const page = readFileSync('docs/reference/settings.md', 'utf8');
    const marked = [...page.matchAll(/^\| `HOLDFAST_[A-Z_]+`[^\n]*?`config ([a-z-]+)`/gm)].map(
      ([, key]) => key,
    );
    expect(new Set(marked)).toEqual(new Set([...SITE_SETTINGS, ...SECRET_SETTINGS].map(({ key }) => key)));
  });
});
