import { rm } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex, systemClock, uuidv7, type CommandContext, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { ifThere } from '#platform/if-there';
import { SiteError } from '#site/domain/errors';
import { registration, REGISTRATION_STREAM, type Registration } from '#site/domain/registration';
import { describeStore } from '#site/registration/given-registration';
import { joinAssertions, verifyChain, type Assertion, type TrustRoots } from '#snap';
import { stageFile } from '../import-certificate/put-file.js';

export interface RegistrationCommand {
  readonly writer: StreamWriter;
  readonly reason: Reason;
  /** Where the proxy reads it: the site's own place, then copies for a proxy that somebody else starts. */
  readonly files: readonly string[];
}

/**
 * Verifies a store assertion's chain as a device will, records it, and puts it where the proxy reads it.
 * @param reachedAs HOLDFAST_PROXY_URL
 * @throws SnapError for a chain that no device would believe; SiteError `registered-for-another-address`: nothing has changed then
 */
export async function register(
  chain: readonly Assertion[],
  roots: TrustRoots,
  reachedAs: string | undefined,
  { writer, reason, files }: RegistrationCommand,
): Promise<Registration> {
  verifyChain(chain, roots);
  const described = describeStore(chain);
  requireOurs(described.url, reachedAs);
  const assertions = joinAssertions(chain);
  const now: Registration = { ...described, sha256: sha256Hex(assertions) };
  const staged = await Promise.all(
    files.map((file) => stageFile(file, assertions.toString('utf8'), 0o644, path.dirname(file))),
  );
  try {
    const command = { type: 'RegisterStore', registration: now, context: context(reason) } as const;
    await writer.decideAndAppend(registration, REGISTRATION_STREAM, command);
    for (const file of staged) await file.put();
  } finally {
    for (const file of staged) await file.drop();
  }
  return now;
}

/** @throws SiteError `not-registered`, when there is neither a record of one nor a file */
export async function unregister({ writer, reason, files }: RegistrationCommand): Promise<void> {
  const command = { type: 'RemoveRegistration', context: context(reason) } as const;
  const { events } = await writer.decideAndAppend(registration, REGISTRATION_STREAM, command);
  // Also when it was recorded before: whoever recorded it may have ended before the files were gone.
  const removed = await Promise.all(files.map((file) => ifThere(rm(file).then(() => file))));
  if (events.length === 0 && removed.every((file) => file === undefined))
    throw new SiteError('not-registered', 'the site has no registration to remove');
}

function requireOurs(url: string, reachedAs: string | undefined): void {
  const todo = `set HOLDFAST_PROXY_URL=${url} where that is how devices reach this proxy, or ask for an assertion for the address that is`;
  if (reachedAs === undefined) {
    throw new SiteError(
      'registered-for-another-address',
      `the store assertion sends devices to ${url}, and how devices reach this proxy is not known: ${todo}`,
    );
  }
  const bare = (text: string): string => new URL(text).href.replace(/\/+$/, '');
  if (bare(url) !== bare(reachedAs)) {
    throw new SiteError(
      'registered-for-another-address',
      `the store assertion sends devices to ${url}, but this proxy is reached as ${reachedAs}: ${todo}`,
    );
  }
}

function context(reason: Reason): CommandContext {
  const id = uuidv7();
  return {
    at: systemClock.now(),
    actor: { kind: 'service', id: 'host', for: REGISTRATION_STREAM },
    reason,
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}
