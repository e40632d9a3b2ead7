import { readNetwork } from '#kernel';
import type { MembersItem } from '../api/members-types.js';

const RULE = /^(serial|list|model) (\S+)(?: in (\S+))?(?: at (\S+))?$/;

/** How a rule is written in a file: as it is called wherever it is shown. */
export const RULE_FORM =
  'no rule of membership: "serial BRAND/MODEL/SERIAL", "model BRAND/MODEL" or "list NAME", each perhaps with "in NETWORK" and "at HOST" behind it';

/**
 * A rule of membership from what it is called.
 * @returns undefined for what names none; whether it can be meant is for the server to say
 */
export function readMemberRule(
  text: string,
): { readonly name: string; readonly item: MembersItem } | undefined {
  const [, of, said = '', cidr, at] = RULE.exec(text) ?? [];
  const network = cidr === undefined ? undefined : readNetwork(cidr);
  if (typeof network === 'string') return undefined;
  const written = network && `${network.address}/${network.prefix}`;
  const host = at?.toLowerCase();
  const name = `${of} ${said}${written ? ` in ${written}` : ''}${host ? ` at ${host}` : ''}`;
  const narrowed = { ...(written ? { network: written } : {}), ...(host ? { host } : {}), members: true };
  const words = said.split('/');
  const [brand = '', model = '', serial = ''] = words;
  if (words.includes('')) return undefined;
  if (of === 'serial' && words.length === 3)
    return { name, item: { kind: 'members', of, brand, model, serial, ...narrowed } };
  if (of === 'model' && words.length === 2)
    return { name, item: { kind: 'members', of, brand, model, ...narrowed } };
  if (of === 'list' && words.length === 1)
    return { name, item: { kind: 'members', of, list: said, ...narrowed } };
  return undefined;
}
