import type { EventEmitter } from 'node:events';
import service from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { appendCall } from './append-call.js';
import { EventLog } from './event-log.js';
import { noFaults, type Faults } from './faults.js';
import { readCall, type ReadCall } from './read-call.js';

/**
 * A test double of EventStoreDB on a port of this process, made of the client package's own service definitions. It tries our adapter, the
 * client and the wire between; what the product itself does, only a real server shows. No TLS, no users, no cluster.
 *
 * It does not implement `BatchAppend`, the call that an adapter of ours must never make (docs/adr/0005).
 */
export class InProcessEventStoreDb {
  readonly faults: Faults = noFaults();
  private server: Server | undefined;
  private readonly subscribers = new Set<ReadCall>();
  private port = 0;

  /** @param log of another server, when both are to be nodes of one cluster */
  constructor(readonly log = new EventLog()) {}

  static async started(log?: EventLog): Promise<InProcessEventStoreDb> {
    const server = new InProcessEventStoreDb(log);
    await server.start();
    return server;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  /** On the same port as before, with the same log. */
  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': -1 });
    const unimplemented = { code: status.UNIMPLEMENTED, details: 'not in this double' };
    server.addService(service.StreamsService, {
      append: appendCall(this.log, this.faults, () => this.stopAndStart()),
      read: readCall(this.log, this.faults, this.subscribers),
      batchAppend: (call: EventEmitter) => call.emit('error', unimplemented),
      delete: (_: unknown, answer: (error: object) => void) => answer(unimplemented),
      tombstone: (_: unknown, answer: (error: object) => void) => answer(unimplemented),
    });
    this.port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.server = server;
  }

  /** Cuts every connection. */
  stop(): void {
    this.server?.forceShutdown();
    this.server = undefined;
    this.subscribers.clear();
  }

  /** Ends every subscription as a server does that can't keep up; connections stay. @returns how many there were */
  dropSubscriptions(): number {
    const dropped = [...this.subscribers];
    for (const call of dropped)
      call.emit('error', { code: status.CANCELLED, details: 'operation was cancelled' });
    return dropped.length;
  }

  get subscriptions(): number {
    return this.subscribers.size;
  }

  private stopAndStart(): void {
    this.stop();
    void this.start();
  }
}
