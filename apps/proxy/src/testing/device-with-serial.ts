import { generateKeyPairSync } from 'node:crypto';
import { encodePublicKey, keyId, signAssertion } from '#snap';

const device = generateKeyPairSync('rsa', { modulusLength: 2048 });
const brand = generateKeyPairSync('rsa', { modulusLength: 2048 });
const BRAND = 'labdevlabdevlabdevlabdevlabdev00';

export interface Told {
  /** Of the device: in its serial, and in what it asks. */
  readonly device?: string;
  /** In the session request, when another than the serial's. */
  readonly serial?: string;
  readonly model?: string;
  /** Signs the session request in the place of the device. */
  readonly by?: 'device' | 'brand';
}

function sign(type: string, headers: Record<string, string>, by: 'device' | 'brand' = 'brand'): string {
  const { privateKey } = by === 'device' ? device : brand;
  return Buffer.from(signAssertion({ type, headers }, privateKey)).toString('utf8');
}

/** What snapd asks a session with (protocol page 8.2). */
export function sessionRequest(nonce: string, told: Told = {}): Record<string, string> {
  const timestamp = '2026-01-02T03:04:05Z';
  const names = { 'brand-id': BRAND, model: 'lab-classic' };
  const serial = told.device ?? 'lab-1';
  return {
    'device-session-request': sign(
      'device-session-request',
      { ...names, model: told.model ?? names.model, serial: told.serial ?? serial, nonce, timestamp },
      told.by ?? 'device',
    ),
    'serial-assertion': sign('serial', {
      'authority-id': BRAND,
      ...names,
      serial,
      'device-key': encodePublicKey(device.publicKey),
      'device-key-sha3-384': keyId(device.publicKey),
      timestamp,
    }),
    'model-assertion': sign('model', {
      'authority-id': BRAND,
      series: '16',
      ...names,
      classic: 'true',
      timestamp,
    }),
  };
}
