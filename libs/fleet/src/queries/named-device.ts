import { Matches } from 'class-validator';

/** A serial, or brand, model and serial. */
export interface NamedDevice {
  readonly serial: string;
  readonly brand?: string;
  readonly model?: string;
}

export function IsDeviceName(): PropertyDecorator {
  return Matches(/^[\x20-\x7e]{1,602}$/, { message: 'must be a serial, or brand/model/serial' });
}

/** A serial may hold a slash: brand and model cannot (protocol page 8). */
export function namedDevice(text: string): NamedDevice {
  const [, brand, model, serial] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(text) ?? [];
  return brand !== undefined && model !== undefined && serial !== undefined
    ? { brand, model, serial }
    : { serial: text };
}
