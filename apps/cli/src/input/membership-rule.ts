import type { MembersItem } from '../api/members-types.js';
import { CliError } from '../cli-error.js';

export interface NarrowingOptions {
  readonly network?: string;
  readonly host?: string;
}

/** What `holdfast members add` takes: a device, a model, or the name of a list. @throws CliError `usage` */
export function membersItem(
  text: string,
  { network, host }: NarrowingOptions,
  members: boolean,
): MembersItem {
  const narrowed = {
    ...(network === undefined ? {} : { network }),
    ...(host === undefined ? {} : { host }),
    members,
  };
  const words = text.split('/');
  if (words.length <= 3 && words.every((word) => /^[\x21-\x7e]{1,100}$/.test(word))) {
    const [first = '', model, serial] = words;
    if (model === undefined) return { kind: 'members', of: 'list', list: first, ...narrowed };
    if (serial === undefined) return { kind: 'members', of: 'model', brand: first, model, ...narrowed };
    return { kind: 'members', of: 'serial', brand: first, model, serial, ...narrowed };
  }
  throw new CliError(
    'usage',
    `"${text}" is no device (brand/model/serial), no model (brand/model) and no name of a list`,
  );
}
