import type { Message } from '../message.js';
import { headline, oneLine, who, why } from '../words.js';

/** @param origin of the site */
export function mailSubject({ envelope }: Message, origin: string): string {
  return oneLine(`[${origin}] ${headline(envelope)}`, 250);
}

/** Plain text; of the event's data nothing: it is in the record, and its stream leads there. */
export function mailText({ position, envelope }: Message, origin: string): string {
  const { type, stream, at, zone, offset } = envelope;
  const [kind, id] = stream.split('/', 2);
  const look =
    kind === 'change-request' ? `holdfast change show ${id}` : `holdfast audit list --stream ${stream}`;
  return [
    headline(envelope),
    '',
    `What:      ${oneLine(type, 100)}`,
    `When:      ${at} (${zone}, ${offset})`,
    `Who:       ${who(envelope)}`,
    `Why:       ${why(envelope)}`,
    `Position:  ${position}`,
    `Site:      ${oneLine(origin, 200)}`,
    '',
    `To see it: ${oneLine(look, 300)}`,
    'Sent by a program: nobody reads answers. Nothing is decided by mail.',
    '',
  ].join('\n');
}
