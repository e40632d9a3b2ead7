import { present } from './json-reader.js';
import type { AssertionRequest } from './refresh-request.js';
import type { AssertionError, ErrorResult, Release, StoreError } from './refresh-response.js';

/** Whom an error result is for: echoed from the action. */
export interface Asked {
  readonly instanceKey: string;
  readonly name: string;
  readonly snapId?: string | undefined;
}

/**
 * The snap exists, the revision or channel does not, or not for this device. Every code and what snapd makes of it: protocol page §4.4.
 *
 * @param releases where it is to be had; snapd tells the user. Leave it empty to say nothing.
 */
export function revisionNotFound(asked: Asked, releases: readonly Release[] = []): ErrorResult {
  const error = { code: 'revision-not-found', message: 'No revision was found that matches the request.' };
  return errorResult(asked, releases.length > 0 ? { ...error, extra: { releases } } : error);
}

export function nameNotFound(asked: Asked): ErrorResult {
  return errorResult(asked, {
    code: 'name-not-found',
    message: `No snap is named ${JSON.stringify(asked.name)}.`,
  });
}

export function idNotFound(asked: Asked): ErrorResult {
  return errorResult(asked, { code: 'id-not-found', message: 'No snap has this snap-id.' });
}

/** Any other reason: snapd shows the message as it is. */
export function refused(asked: Asked, code: string, message: string): ErrorResult {
  return errorResult(asked, { code, message });
}

/** For the top-level `error-list`: the device makes a new session and asks again, twice at most. */
export function deviceSessionNeedsRefresh(): StoreError {
  return { code: 'device-authorization-needs-refresh', message: 'The device session has expired.' };
}

/** As {@link deviceSessionNeedsRefresh}, for a logged-in user. */
export function userAuthorizationNeedsRefresh(): StoreError {
  return { code: 'user-authorization-needs-refresh', message: 'The user authorization has expired.' };
}

/** In a fetch-assertions result. snapd tolerates it for some types and fails the group for others. */
export function assertionNotFound(request: AssertionRequest): AssertionError {
  return assertionError(request, 'not-found', 'not found');
}

/** As {@link assertionNotFound}, for any other reason, which fails the group (protocol page §4.5). */
export function assertionError(request: AssertionRequest, code: string, message: string): AssertionError {
  return present({
    code,
    message,
    type: request.type,
    'primary-key': request['primary-key'],
    'sequence-key': request['sequence-key'],
  });
}

/** Body of a 404 of the assertions service, to be sent as exactly `application/json` (protocol page §7). */
export const ASSERTION_NOT_FOUND_BODY = {
  'error-list': [{ code: 'not-found', message: 'not found' }],
} as const;

/** Body of a 404 of `GET /v2/snaps/info/{name}` (protocol page §5.1). */
export function infoNotFoundBody(name: string): { 'error-list': readonly StoreError[] } {
  const message = `No snap named ${JSON.stringify(name)} found in series '16'.`;
  return { 'error-list': [{ code: 'resource-not-found', message }] };
}

function errorResult({ instanceKey, name, snapId }: Asked, error: StoreError): ErrorResult {
  return present({ result: 'error' as const, 'instance-key': instanceKey, 'snap-id': snapId, name, error });
}
