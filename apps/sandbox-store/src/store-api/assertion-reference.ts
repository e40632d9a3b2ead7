import { assertionType, isAssertionType, withoutDefaults, type AssertionReference } from '#snap';
import { SandboxError } from '../sandbox-error.js';

/**
 * Type and primary key from a path such as `snap-declaration/16/<snap-id>`; optional trailing parts may be there or not.
 * A sequence's key, one part short, is a reference too: to a sequence, not to an assertion.
 * @throws SandboxError `bad-request` for an unknown type or a key with too many or too few parts
 */
export function parseReference(path: string): AssertionReference {
  const [name = '', ...parts] = path.split('/').map(decode);
  if (!isAssertionType(name)) throw new SandboxError('bad-request', `${JSON.stringify(name)} is no type`);
  const type = assertionType(name);
  const most = type.primaryKey.length;
  const optional = name === 'validation-set' ? 1 : Object.keys(type.defaults).length;
  if (parts.length > most || parts.length < most - optional) {
    throw new SandboxError('bad-request', `the primary key of ${name} is ${type.primaryKey.join('/')}`);
  }
  return { type: name, primaryKey: parts.length === most ? withoutDefaults(type, parts) : parts };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new SandboxError('bad-request', 'the path is not percent-encoded', { cause });
  }
}
