import { actorName, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { NotificationError } from '../../errors.js';
import { mailAddress } from '../sinks/mail-recipients.js';

/** Where people get mail. By login, which is one person's for good. */
export const MAIL_ADDRESSES_STREAM = 'mail-addresses';

export type MailAddressSet = DomainEvent<
  'MailAddressSet',
  { readonly login: string; readonly old: string | null; readonly new: string | null }
>;

export interface SetMailAddress {
  readonly type: 'SetMailAddress';
  readonly login: string;
  /** The person's id. */
  readonly person: string;
  /** null: none any more. */
  readonly address: string | null;
  readonly context: CommandContext;
}

/** By login. */
export type MailAddresses = ReadonlyMap<string, string>;

/** A person's own, or anybody's for who runs the site. @throws NotificationError `operator-required`, `wrong-sink` */
function decide(
  { login, person, address, context: { actor } }: SetMailAddress,
  state: MailAddresses,
): readonly MailAddressSet[] {
  if (actor.kind !== 'person' || (actor.id !== person && !actor.roles.includes('operator')))
    throw new NotificationError(
      'operator-required',
      `${actorName(actor)} does not have the role operator: only one's own address is set without it`,
    );
  const old = state.get(login) ?? null;
  const next = address === null ? null : mailAddress(address);
  return old === next ? [] : [{ type: 'MailAddressSet', data: { login, old, new: next } }];
}

export const mailAddresses: Decider<SetMailAddress, MailAddressSet, MailAddresses> & {
  readonly versions: { readonly MailAddressSet: 1 };
} = {
  initialState: new Map(),
  versions: { MailAddressSet: 1 },
  decide,
  evolve(state, { data }) {
    const next = new Map(state);
    if (data.new === null) next.delete(data.login);
    else next.set(data.login, data.new);
    return next;
  },
};
