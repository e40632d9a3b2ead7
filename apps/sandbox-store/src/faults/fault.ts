import { Fields } from '../admin/fields.js';

const MODES = ['none', 'slow', 'error-500', 'hang', 'tamper-blob', 'broken-chain', 'wrong-size'] as const;

/**
 * How the store misbehaves:
 * - `slow`: every answer begins three seconds late;
 * - `error-500`: every answer is an internal error;
 * - `hang`: no answer comes, the connection stays open;
 * - `tamper-blob`: a download has one byte changed, its length is right;
 * - `broken-chain`: assertions of one kind, by default account-keys, are not found;
 * - `wrong-size`: snap objects give a size that is one byte more than the file has.
 */
export type FaultMode = (typeof MODES)[number];

export interface Fault {
  readonly mode: FaultMode;
  /** Only requests whose path begins with it are concerned. */
  readonly path?: string;
}

/** @throws SandboxError `bad-request` */
export function parseFault(body: unknown): Fault {
  const fields = new Fields(body);
  const path = fields.optionalText('path');
  return { mode: fields.oneOf('mode', MODES), ...(path === undefined ? {} : { path }) };
}
