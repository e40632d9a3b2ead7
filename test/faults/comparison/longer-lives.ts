import type { Findings } from '../findings.js';
import type { Happened } from './history.js';

/** The rings that a request is for, in order. */
export function ringsOf(events: readonly Happened[]): readonly string[] {
  const drafted = events.find(({ envelope }) => envelope.type === 'ChangeDrafted');
  const { ring = 'default', stages = [] } = (drafted?.envelope.data ?? {}) as {
    readonly ring?: string;
    readonly stages?: readonly { readonly ring: string }[];
  };
  return [ring, ...stages.map((each) => each.ring)];
}

/** Of a plan: each ring once, in order, and none before somebody had verified it in the ring before. */
export function compareRings(id: string, events: readonly Happened[], findings: Findings): void {
  const rings = ringsOf(events);
  let inForce = 0;
  let verified = true;
  for (const { envelope, position } of events) {
    const { ring } = envelope.data as { readonly ring?: string };
    if (envelope.type === 'StageVerified') verified = true;
    if (envelope.type !== 'StageApplied') continue;
    findings.expect(
      ring === rings[inForce] && verified,
      `event ${position}: ${id} took effect in ${ring}, out of turn or before it was verified`,
    );
    inForce += 1;
    verified = false;
  }
}

/** Of an emergency: a signature each, of two others. */
export function compareRatification(id: string, events: readonly Happened[], findings: Findings): void {
  const signersOf = (...types: readonly string[]) =>
    events
      .filter(({ envelope }) => types.includes(envelope.type))
      .map(
        ({ envelope }) =>
          (envelope.data as { readonly signature: { readonly signer: string } }).signature.signer,
      );
  const released = signersOf('EmergencyReleased');
  const ratified = signersOf('RatificationSigned', 'EmergencyRatified');
  findings.expect(released.length <= 1, `${id} was released ${released.length} times`);
  findings.expect(
    new Set([...released, ...ratified]).size === released.length + ratified.length && ratified.length <= 2,
    `${id} was released by ${released.join()}, and ratified by ${ratified.join()}`,
  );
}
