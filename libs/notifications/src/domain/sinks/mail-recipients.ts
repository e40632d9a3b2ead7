import { NotificationError } from '../../errors.js';

/** Of RFC 5321 what people have: no quoted local parts, no address literals. */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** @throws NotificationError `wrong-sink` */
export function mailAddress(text: string): string {
  if (ADDRESS.test(text) && !text.includes('..') && text.length <= 254) return text;
  const sentence =
    text === ''
      ? 'a mail has a sender: say its address'
      : `${JSON.stringify(text.slice(0, 300))} is no mail address`;
  throw new NotificationError('wrong-sink', `nothing was changed: ${sentence}`);
}

const ROLE = /^[a-z]{2,20}$/;

/** @throws NotificationError `wrong-sink` */
export function rolesNamed(roles: readonly string[]): readonly string[] {
  const wrong = roles.find((role) => !ROLE.test(role));
  if (wrong === undefined) return [...new Set(roles)];
  throw new NotificationError('wrong-sink', `nothing was changed: ${JSON.stringify(wrong)} is no role`);
}
