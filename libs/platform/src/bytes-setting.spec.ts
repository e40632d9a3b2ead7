import { expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.js';
import { Megabytes } from './bytes-setting.js';

class Config {
  @Megabytes('HOLDFAST_CACHE_SIZE')
  bytes = 1;
}

const MIB = 1024 ** 2;

const load = (text: string): number => loadConfig(Config, { HOLDFAST_CACHE_SIZE: text }).bytes;

it.each([
  ['2048', 2048 * MIB],
  ['0', 0],
  ['512M', 512 * MIB],
  ['8g', 8192 * MIB],
  ['8GB', 8192 * MIB],
  ['2TiB', 2 * 1024 ** 4],
])('%s is %s bytes', (text, bytes) => expect(load(text)).toBe(bytes));

it.each(['8 GB', '-1', '1.5G', '10K', '999999999T', 'lots'])('%s is no size', (text) => {
  expect(() => load(text)).toThrow(ConfigError);
  expect(() => load(text)).toThrow(
    /^HOLDFAST_CACHE_SIZE is ".*": it must be a size: whole megabytes, or .* as in 8G\.$/,
  );
});
