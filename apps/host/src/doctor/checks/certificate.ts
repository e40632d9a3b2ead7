import { sentenceOf } from '#kernel';
import { describeCertificate, endingOf, expiryOf } from '#platform/tls/certificate-facts';
import { openCertificate } from '#platform/tls/certificate-file';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

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
    const plain = ['HOLDFAST_PROXY_URL', 'HOLDFAST_CONTROL_URL'].find((name) =>
      env[name]?.startsWith('http:'),
    );
    if (plain !== undefined) {
      const says = `there is one, so ${plain} must begin with https://: its server does not start with ${JSON.stringify(env[plain])}`;
      return fail(check, says, 'correct it in the environment: docs/how-to/serve-over-tls.md');
    }
    const { leaf, chain } = there.pair;
    const ending = endingOf(chain, at);
    if (ending) return (ending.over ? fail : warn)(check, ending.says, RENEW);
    const { names } = describeCertificate(leaf);
    return ok(check, `it is for ${names.join(', ')}, until ${new Date(expiryOf(chain)).toISOString()}`);
  } catch (error) {
    return fail(check, sentenceOf(error), RENEW);
  }
}
