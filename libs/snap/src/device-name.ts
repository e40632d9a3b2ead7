/** A device as its serial assertion names it: what all membership of rings goes by. */
export interface DeviceName {
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
}

/** Printable ASCII without a space or a slash: a primary key of an assertion holds no slash, and all three are one. */
export const DEVICE_WORD = /^[\x21-\x2e\x30-\x7e]{1,100}$/;
export const DEVICE_WORD_RULE = 'must be 1 to 100 printable characters without a space or a "/"';

/** `brand/model/serial`: one text for each device, for maps and for a stable order. */
export function deviceName({ brand, model, serial }: DeviceName): string {
  return `${brand}/${model}/${serial}`;
}

/** What {@link deviceName} made; undefined for what is no such text. */
export function readDeviceName(text: string): DeviceName | undefined {
  const [brand = '', model = '', serial = '', ...more] = text.split('/');
  const isOne = more.length === 0 && [brand, model, serial].every((word) => DEVICE_WORD.test(word));
  return isOne ? { brand, model, serial } : undefined;
}
