import { sentenceOf } from '#kernel';
import { describeCertificate, expiryOf } from '#platform/tls/certificate-facts';
import { openCertificate } from '#platform/tls/certificate-file';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const RENEW = 'holdfast import-certificate takes the next one: docs/how-to/serve-over-tls.md';

/** What stands in its file is what the servers would start with. @param at milliseconds */
export async function checkCertificate(
  { home, env }: Pick<Patient, 'home' | 'env'>,
  at: number,
): Promise<Finding> {
  const check = 'certificate';
  try {
    const file = env['HOLDFAST_CERTIFICATE_FILE'] || home.secret('certificate.pem');
    const there = await openCertificate(file);
    if (!there) return ok(check, 'there is none: control and proxy serve plain HTTP');
    const { leaf, chain } = there.pair;
    const [{ names }, end] = [describeCertificate(leaf), expiryOf(chain)];
    const day = new Date(end).toISOString();
    if (at >= end) return fail(check, `it has expired, on ${day}: clients refuse it`, RENEW);
    if (end - at < SOON_DAYS * DAY_MS)
      return warn(check, `it expires within ${SOON_DAYS} days, on ${day}`, RENEW);
    return ok(check, `it is for ${names.join(', ')}, until ${day}`);
  } catch (error) {
    return fail(check, sentenceOf(error), RENEW);
  }
}
