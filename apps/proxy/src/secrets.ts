import { ConfigError } from '#platform/config';
import { readSettingFile } from '#platform/setting-file';

/** What policies are verified with, and the origin that its name says: `<origin>/policy`. */
export interface PolicyKey {
  readonly vkey: string;
  readonly origin: string;
}

/** @throws ConfigError */
export async function readPolicyKey(file: string): Promise<PolicyKey> {
  return policyKeyIn((await readSettingFile('HOLDFAST_POLICY_VKEY_FILE', file)).trim(), file);
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
