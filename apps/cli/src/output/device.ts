import type { InstalledRow } from '../api/types.js';

/** Who a device is, and whether that is only the word of whoever showed a key while upstream was gone. */
export function deviceText({ brand, model, serial, proof }: InstalledRow['device']): string {
  return `${brand}/${model}/${serial}${proof === 'store' ? '' : ' (by a key alone)'}`;
}

/** By which rule of membership it was in which ring; null where no rule said so. An older server does not say it. */
export function memberText(member: InstalledRow['member'] | undefined): string | null {
  return member ? `${member.ring}: ${member.rule} (position ${member.position})` : null;
}
