import { readFile } from 'node:fs/promises';
import { ConfigError } from '#platform/config';

/** @throws ConfigError when it is not 32 bytes in hex */
export async function readProxyKey(file: string): Promise<Buffer> {
  const text = await readSetting('HOLDFAST_PROXY_KEY_FILE', file);
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new ConfigError([`HOLDFAST_PROXY_KEY_FILE: ${file} is not a key of 32 bytes in hex.`]);
  }
  return Buffer.from(text, 'hex');
}

/** What policies are verified with, and the origin that its name says: `<origin>/policy`. */
export interface PolicyKey {
  readonly vkey: string;
  readonly origin: string;
}

/** @throws ConfigError */
export async function readPolicyKey(file: string): Promise<PolicyKey> {
  return policyKeyIn(await readSetting('HOLDFAST_POLICY_VKEY_FILE', file), file);
}

/** @param where it stood @throws ConfigError */
export function policyKeyIn(vkey: string, where: string): PolicyKey {
  const origin = /^([^+]+)\/policy\+[0-9a-f]{8}\+\S+$/.exec(vkey)?.[1];
  if (origin === undefined) {
    throw new ConfigError([
      `HOLDFAST_POLICY_VKEY_FILE: ${where} holds no public policy key (<origin>/policy+…).`,
    ]);
  }
  return { vkey, origin };
}

async function readSetting(variable: string, file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new ConfigError([`${variable}: ${error instanceof Error ? error.message : String(error)}.`]);
  }
}
