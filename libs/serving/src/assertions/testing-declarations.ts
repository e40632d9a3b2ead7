import { generateKeyPairSync } from 'node:crypto';
import { signAssertion } from '#snap';
import { HeldReleases } from '../answer/held-releases.js';
import { entryForTest, LAB_HELLO, manifestForTest } from '../answer/testing-manifests.js';
import { CapturedAssertions } from './captured-assertions.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** For specs: a snap-declaration. */
export function declaration(revision: number, format = 0, snapId = LAB_HELLO): string {
  const headers = {
    'authority-id': 'canonical',
    ...(revision > 0 ? { revision: String(revision) } : {}),
    ...(format > 0 ? { format: String(format) } : {}),
    series: '16',
    'snap-id': snapId,
    'snap-name': 'lab-hello',
    'publisher-id': 'labdev',
    timestamp: '2026-01-02T03:04:05Z',
  };
  return Buffer.from(signAssertion({ type: 'snap-declaration', headers }, privateKey)).toString('utf8');
}

/** Captures of lab-hello, each with one of these. */
export function capturedWith(
  texts: readonly string[],
  malformed: (message: string) => void = () => undefined,
): CapturedAssertions {
  const releases = texts.map((text, i) => ({
    entry: entryForTest({ version: String(i + 1) }),
    manifest: {
      ...manifestForTest({ version: String(i + 1) }),
      assertions: [{ type: 'snap-declaration', primaryKey: ['16', LAB_HELLO], text }],
    },
  }));
  return new CapturedAssertions(new HeldReleases(releases), malformed);
}
