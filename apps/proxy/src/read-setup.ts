import { readFile } from 'node:fs/promises';
import { ifThere } from '#platform/if-there';
import type { DeviceSetup } from '#serving/published';
import { readRegistration } from '#site/registration/served-registration';
import type { ProxyConfig } from './config.js';

/** What devices are given to follow us: read when somebody asks, since a registration may come while we run. */
export async function readSetup({
  registrationFile,
  certificateAuthorityFile,
}: Pick<ProxyConfig, 'registrationFile' | 'certificateAuthorityFile'>): Promise<DeviceSetup | undefined> {
  if (registrationFile === undefined) return undefined;
  const registration = await readRegistration(registrationFile);
  if (!registration) return undefined;
  const authority = certificateAuthorityFile && (await ifThere(readFile(certificateAuthorityFile, 'utf8')));
  return { ...registration, authority: authority || undefined };
}
