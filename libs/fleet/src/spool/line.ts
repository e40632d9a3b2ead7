import { canonicalJson } from '#kernel';
import type { DeliveryRecord, Offered } from '../domain/deliveries/record.js';

/** Each with its line. @param failed told of one that has no canonical form, which takes none of the others with it */
export function* linesOf(
  records: readonly DeliveryRecord[],
  failed: (record: DeliveryRecord, error: unknown) => void,
): Generator<readonly [DeliveryRecord, string]> {
  for (const record of records) {
    let line: string;
    try {
      line = lineOf(record);
    } catch (error) {
      failed(record, error);
      continue;
    }
    yield [record, line];
  }
}

/** A record in its canonical form (RFC 8785), with a line feed. Of ASCII: `word` sees to that. */
export function lineOf(record: DeliveryRecord): string {
  return `${record.what === 'offered' && record.member === undefined ? offeredText(record) : canonicalJson(record)}\n`;
}

/** The canonical form of what is recorded most, and before an answer is given: its names are in their order here, so that nobody has to sort them. */
function offeredText({ at, channel, device, name, position, revision, snapId, what }: Offered): string {
  const shown = device && {
    brand: device.brand,
    model: device.model,
    proof: device.proof,
    serial: device.serial,
  };
  return JSON.stringify({ at, channel, device: shown, name, position, revision, snapId, what });
}
