import { generateKeyPairSync } from 'node:crypto';
import { encodePublicKey, parseAssertion, scalarOf, signAssertion } from '#snap';

const MODEL = { 'brand-id': 'labdevlabdevlabdevlabdevlabdev00', model: 'lab-classic' };
const TIMESTAMP = '2026-01-02T03:04:05Z';

/** A device that has a serial of the sandbox store, got through a proxy (protocol page 8.1), and talks to that proxy as snapd does. */
export class DeviceWithSerial {
  private constructor(
    private readonly proxy: string,
    private readonly key: ReturnType<typeof newKey>,
    private readonly serial: string,
  ) {}

  /** @param service that its gadget names, in the place of the store (protocol page 8.1) @throws Error with what was answered when it gets none */
  static async register(proxy: string, service?: string): Promise<DeviceWithSerial> {
    const key = newKey();
    const named: Record<string, string> =
      service === undefined ? {} : { 'x-snap-device-service-url': service };
    const asked = await post(`${proxy}/api/v1/snaps/auth/request-id`, '{}', 'application/json', named);
    const { 'request-id': requestId = '' } = JSON.parse(asked) as Record<string, string>;
    const told = { 'request-id': requestId, 'device-key': encodePublicKey(key.publicKey) };
    const request = signed('serial-request', told, key);
    const path = '/api/v1/snaps/auth/devices';
    return new DeviceWithSerial(
      proxy,
      key,
      await post(proxy + path, request, 'application/x.ubuntu.assertion', named),
    );
  }

  /** Looks for updates: opens a session, and says which revision of which snap (by its id) it has on stable. */
  async looksForUpdates(has: Readonly<Record<string, number>>): Promise<void> {
    const context = Object.entries(has).map(([snapId, revision]) => ({
      'snap-id': snapId,
      'instance-key': snapId,
      revision,
      'tracking-channel': 'latest/stable',
      epoch: { read: [0], write: [0] },
    }));
    const actions = context.map(({ 'snap-id': id }) => {
      return { action: 'refresh', 'snap-id': id, 'instance-key': id };
    });
    const body = JSON.stringify({ context, actions, fields: ['revision', 'download'] });
    await post(`${this.proxy}/v2/snaps/refresh`, body, 'application/json', {
      'snap-device-architecture': 'amd64',
      'snap-device-authorization': `Macaroon root="${await this.session()}"`,
    });
  }

  private async session(): Promise<string> {
    const path = '/api/v1/snaps/auth';
    const { nonce = '' } = await this.ask(`${path}/nonces`, {});
    const serial = scalarOf(parseAssertion(this.serial).headers, 'serial') ?? '';
    const { macaroon = '' } = await this.ask(`${path}/sessions`, {
      'device-session-request': signed(
        'device-session-request',
        { serial, nonce, timestamp: TIMESTAMP },
        this.key,
      ),
      'serial-assertion': this.serial,
      // Signed by its brand, which nobody between the device and the store can check.
      'model-assertion': signed(
        'model',
        { 'authority-id': MODEL['brand-id'], series: '16', timestamp: TIMESTAMP },
        this.key,
      ),
    });
    return macaroon;
  }

  private async ask(path: string, body: object): Promise<Record<string, string>> {
    return JSON.parse(await post(this.proxy + path, JSON.stringify(body), 'application/json')) as Record<
      string,
      string
    >;
  }
}

function newKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function signed(type: string, headers: Record<string, string>, key: ReturnType<typeof newKey>): string {
  return Buffer.from(signAssertion({ type, headers: { ...MODEL, ...headers } }, key.privateKey)).toString();
}

async function post(
  url: string,
  body: string,
  type: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body });
  const said = await answer.text();
  if (answer.status !== 200) throw new Error(`${new URL(url).pathname}: status ${answer.status}: ${said}`);
  return said;
}
