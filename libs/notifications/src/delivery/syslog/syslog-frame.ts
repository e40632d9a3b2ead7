import { isTold, TOPICS } from '../../domain/sinks/topics.js';
import type { Message } from '../message.js';
import { oneLine, who, why } from '../words.js';

/** Log audit (RFC 5424, 6.2.1). */
const FACILITY = 13;
const WARNING = 4;
const NOTICE = 5;
const INFORMATIONAL = 6;

/**
 * One message (RFC 5424) behind its length in bytes (RFC 6587, 3.4.1; RFC 5425, 4.3). There is no structured data of ours, since that takes a
 * registered enterprise number: what matters is in the message, as pairs, and everything in the record at `position`.
 * @param hostname of this machine @param origin of the site
 */
export function syslogFrame({ position, envelope }: Message, hostname: string, origin: string): Buffer {
  const { type, at, stream, id } = envelope;
  const pairs = Object.entries({
    position: String(position),
    id,
    type,
    stream,
    site: origin,
    who: who(envelope),
    why: why(envelope),
  });
  const text = pairs
    .map(([name, value]) => `${name}="${oneLine(value, 1_200).replaceAll(/["\\]/g, '\\$&')}"`)
    .join(' ');
  const head = `<${FACILITY * 8 + severity(type)}>1 ${at} ${word(hostname, 255)} holdfast - ${word(type, 32)} [origin software="holdfast"] `;
  const message = Buffer.concat([Buffer.from(head), Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function severity(type: string): number {
  if ((TOPICS.alarms as readonly string[]).includes(type)) return WARNING;
  return isTold(type) ? NOTICE : INFORMATIONAL;
}

/** Printable ASCII, or the sign for none. */
function word(text: string, longest: number): string {
  return text.replaceAll(/[^!-~]/g, '').slice(0, longest) || '-';
}
