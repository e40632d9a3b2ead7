import { DeviceSessions } from '#serving/published';
import { PROXY_KEY } from './proxy-on-disk.js';

/** What a device sends with a refresh, apart from a session. */
export const DEVICE_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json',
  'snap-device-architecture': 'amd64',
  'snap-device-series': '16',
} as const;

const sessions = new DeviceSessions(Buffer.from(PROXY_KEY, 'hex'));

/** The same, of a device with a session that the proxy has opened. */
export function headersOf(serial: string): Readonly<Record<string, string>> {
  const identity = { brand: 'bench', model: 'instrument', serial };
  const session = sessions.seal({ ...identity, upstream: 'of upstream' }, Date.now());
  return { ...DEVICE_HEADERS, 'snap-device-authorization': `Macaroon root="${session}"` };
}
