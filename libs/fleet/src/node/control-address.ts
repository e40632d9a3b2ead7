import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent } from 'undici';

export interface ControlPlace {
  /** Where `holdfast up` on this machine says what its servers listen on. */
  readonly runFile?: string | undefined;
  /** The site's certificate, with which its own control is known at an address that no certificate is for. */
  readonly certificateFile?: string | undefined;
  /** Control elsewhere. */
  readonly url?: string | undefined;
}

export interface ReachedControl {
  /** Without a slash at its end. */
  readonly url: string;
  /** Trusts the site's own certificate and no other; undefined: the authorities that Node knows. */
  readonly dispatcher: Agent | undefined;
}

/** Looked for each time: `up` gives control another port when it starts it again. Undefined while nobody says where it is. */
export async function findControl({
  runFile,
  certificateFile,
  url,
}: ControlPlace): Promise<ReachedControl | undefined> {
  const local = runFile === undefined ? undefined : await controlIn(runFile);
  if (local === undefined)
    return url === undefined ? undefined : { url: url.replace(/\/+$/, ''), dispatcher: undefined };
  const own = local.startsWith('https:') && certificateFile !== undefined;
  return { url: local, dispatcher: own ? await trusting(certificateFile) : undefined };
}

async function controlIn(runFile: string): Promise<string | undefined> {
  try {
    const { control } = JSON.parse(await readFile(runFile, 'utf8')) as Partial<Record<string, unknown>>;
    return typeof control === 'string' && URL.canParse(control) ? control.replace(/\/+$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** The certificate in the file and no other one, whatever name it is for. */
async function trusting(certificateFile: string): Promise<Agent | undefined> {
  const pem = await readFile(certificateFile, 'utf8').catch(() => undefined);
  const certificates = pem?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  const [leaf] = certificates ?? [];
  if (!certificates || leaf === undefined) return undefined;
  const { fingerprint256 } = new X509Certificate(leaf);
  return new Agent({
    connect: {
      ca: certificates.join('\n'),
      // Whatever of the chain is in the file ends it.
      allowPartialTrustChain: true,
      checkServerIdentity: (_host, peer) =>
        peer.fingerprint256 === fingerprint256
          ? undefined
          : new Error('control shows another certificate than the one in HOLDFAST_CERTIFICATE_FILE'),
    },
  });
}
