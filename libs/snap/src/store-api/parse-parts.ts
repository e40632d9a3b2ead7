import { parseChannel } from '../channel.js';
import { SnapError } from '../errors.js';
import { isRevision } from '../revision.js';
import { asArray, asObject, asString, asStrings, asWholeNumber, badRequest } from './json-reader.js';
import type { Epoch } from './refresh-request.js';

const MAX_EPOCHS = 100;
const MAX_VALIDATION_SETS = 100;
const MAX_VALIDATION_SET_PARTS = 8;

/** The text as it came, known to be a channel, or empty, as snapd has it for one that it never learnt. */
export function parseChannelText(value: unknown, pointer: string): string {
  const text = asString(value, pointer, 512);
  try {
    if (text !== '') parseChannel(text);
    return text;
  } catch (cause) {
    throw new SnapError('bad-request', `${pointer}: expected a channel`, pointer, { cause });
  }
}

export function parseRevisionNumber(value: unknown, pointer: string): number {
  if (!isRevision(value)) throw badRequest(pointer, 'a revision');
  return value;
}

export function parseEpoch(value: unknown, pointer: string): Epoch {
  const members = asObject(value, pointer);
  return {
    read: numbers(members['read'], `${pointer}/read`),
    write: numbers(members['write'], `${pointer}/write`),
  };
}

/** Each is the key of a validation-set, with or without its sequence. */
export function parseValidationSets(value: unknown, pointer: string): string[][] {
  const sets = asArray(value, pointer, MAX_VALIDATION_SETS);
  return sets.map((set, i) => asStrings(set, `${pointer}/${i}`, MAX_VALIDATION_SET_PARTS));
}

function numbers(value: unknown, pointer: string): number[] {
  return asArray(value, pointer, MAX_EPOCHS).map((item, i) => asWholeNumber(item, `${pointer}/${i}`));
}
