import { sentenceOf } from '#kernel';
import { readRegistration } from '#site/registration/served-registration';
import { fail, ok, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const REMEDY = 'holdfast register takes the one for this address: docs/how-to/connect-a-device.md';

/** What devices are told, and whether it leads to us. */
export async function checkRegistration({ home, env }: Pick<Patient, 'home' | 'env'>): Promise<Finding> {
  const check = 'registration';
  try {
    const file = env['HOLDFAST_REGISTRATION_FILE'] || home.secret('registration.assert');
    const registration = await readRegistration(file);
    if (!registration) return ok(check, 'there is none: devices cannot set proxy.store');
    const { storeId, url } = registration;
    const reachedAs = env['HOLDFAST_PROXY_URL'] || undefined;
    if (bare(reachedAs) === bare(url)) return ok(check, `the store ${storeId}, for ${url}`);
    const is = reachedAs === undefined ? 'is not set' : `is ${JSON.stringify(reachedAs)}`;
    return fail(check, `devices are sent to ${url}, and HOLDFAST_PROXY_URL ${is}`, REMEDY);
  } catch (error) {
    return fail(check, sentenceOf(error), REMEDY);
  }
}

function bare(url: string | undefined): string | undefined {
  return url === undefined ? undefined : URL.parse(url)?.href.replace(/\/+$/, '');
}
