import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { systemClock } from '#kernel';
import { ASSERTION_TYPE } from '#snap';
import type { Change } from './admin/change.js';
import { parseChange } from './admin/parse-change.js';
import { addSessionCheck } from './devices/session-check.js';
import type { Fault } from './faults/fault.js';
import { addTransportFaults } from './faults/transport-faults.js';
import { Sandbox } from './sandbox.js';
import { SandboxStoreModule } from './sandbox-store.module.js';
import { FailureFilter } from './store-api/failure.filter.js';

/** A refresh request grows with the snaps of a device, about 250 bytes each (protocol page §13, 3). */
const BODY_LIMIT = 4 * 1024 * 1024;

export interface SandboxStoreOptions {
  /** For the trust roots and the administration's journal: what was released is there at the next start. */
  readonly dir: string;
  /** Folder of root.pem, store.pem, dev.pem, and ready-made assertions; keys are made when it has none. */
  readonly keysDir: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
}

export interface SandboxStore {
  /** Without a slash at its end. */
  readonly url: string;
  /** What `HOLDFAST_TRUST_ROOTS` takes. */
  readonly trustRootsDir: string;
  /** A revision into a channel, null to close it; for all architectures that it runs on, or one. */
  release(snap: string, channel: string, revision: number | null, architecture?: string): void;
  /** A new revision, for all architectures or those given, with a payload of a usual size or that given; not yet released. */
  addRevision(
    snap: string,
    revision: number,
    version: string,
    architectures?: readonly string[],
    payloadBytes?: number,
  ): void;
  /** A revision is given out no more; channels that had it are closed. */
  withdraw(snap: string, revision: number): void;
  /** A new declaration: revoked, or by another publisher (an account's id of 32 characters). */
  declare(snap: string, what: { readonly revoked?: boolean; readonly publisher?: string }): void;
  setDefaultTrack(snap: string, track: string | null): void;
  /** What turns a revision into another one, as xdelta3 makes it, for devices that have it; until the store is closed. */
  addDelta(snap: string, source: number, target: number, bytes: Buffer): void;
  /** Of all devices: each is to open another one. */
  endSessions(): void;
  fault(fault: Fault): void;
  /** Also ends requests that a fault keeps waiting. */
  close(): Promise<void>;
}

/**
 * A small upstream store of our own, listening.
 * @throws SandboxError `bad-keys`, `bad-request` (a journal that is none)
 */
export async function startSandboxStore(options: SandboxStoreOptions): Promise<SandboxStore> {
  const sandbox = Sandbox.open(options);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    // What ends TLS on the same machine says how we are reached.
    trustProxy: 'loopback',
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', async (_request, reply) => {
    // Of each answer, HEAD and errors included: clients keep features back from a store that does not say.
    void reply.header('snap-store-version', '55');
  });
  addTransportFaults(server, sandbox.faults);
  addSessionCheck(server, sandbox.devices);
  server.addContentTypeParser(ASSERTION_TYPE, { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  const app = await NestFactory.create<NestFastifyApplication>(SandboxStoreModule.of(sandbox), adapter, {
    logger: false,
  });
  app.useGlobalFilters(new FailureFilter());
  await app.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  return handleOf(sandbox, await app.getUrl(), () => app.close());
}

function handleOf(sandbox: Sandbox, url: string, close: () => Promise<void>): SandboxStore {
  // Through the same gate as a request's body.
  function change(kind: Change['kind'], fields: Readonly<Record<string, unknown>>): void {
    sandbox.change(parseChange(kind, fields, systemClock.now()));
  }
  return {
    url,
    trustRootsDir: sandbox.trustRootsDir,
    release: (snap, channel, revision, architecture) =>
      change('release', { snap, channel, revision, architecture }),
    addRevision: (snap, revision, version, architectures, payloadBytes) =>
      change('revision', { snap, revision, version, architectures, payloadBytes }),
    withdraw: (snap, revision) => change('withdrawal', { snap, revision }),
    declare: (snap, what) => change('declaration', { snap, ...what }),
    setDefaultTrack: (snap, track) => change('default-track', { snap, track }),
    addDelta: (snap, source, target, bytes) => sandbox.addDelta(snap, source, target, bytes),
    endSessions: () => sandbox.devices.endSessions(),
    fault: (fault) => sandbox.faults.set(fault),
    close,
  };
}
