import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeCondition } from '../domain/node/events.js';
import { newKeyMessage, type NodeKey } from '../message.js';
import { RefusedByControl, type ControlClient } from './control-client.js';
import { enrol } from './enrol.js';
import type { NodeFolder, NodeIdentity } from './node-folder.js';

export interface NodeAgentEvents {
  /** From the start on, or from now on, it speaks as this node. */
  enrolled(identity: NodeIdentity): void;
  /** Told when it changes; at a start, that it cannot be reached is told after a few tries: control may start at the same time. */
  controlReachable(reachable: boolean, error?: unknown): void;
  /** It has a new key, good until then. RFC 3339, UTC; null: control did not say. */
  keyRenewed(keyExpiresAt: string | null): void;
  /** Control said no: a person has to see to it. Told again only with another code. */
  refused(code: string, message: string): void;
}

export interface NodeAgentParts {
  readonly folder: NodeFolder;
  readonly control: ControlClient;
  readonly tokenFile: string | undefined;
  readonly condition: () => NodeCondition;
  readonly events: NodeAgentEvents;
  /** Hands over what there is; absent: nothing. @returns whether there is more */
  readonly handOver?: (identity: NodeIdentity, key: NodeKey, signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds from one heartbeat to the next. */
  readonly everyMs?: number;
}

interface Self {
  readonly identity: NodeIdentity;
  readonly key: NodeKey;
}

const HEARTBEAT_MS = 60_000;
/** From one look at what there is to hand over to the next. */
const TURN_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** At a start, seven seconds: 1, 2 and 4 between them. */
const TRIES_AT_START = 4;

/** What a proxy does as a node, beside serving and never in its way: enrols, says that it is there, hands over. */
export class NodeAgent {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private self: Self | undefined;
  private renewalDue = false;
  private stamp = 0;
  private beatAt = -Infinity;
  private reachable: boolean | undefined;
  private refusal: string | undefined;

  constructor(private readonly parts: NodeAgentParts) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the proxy is stopping'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      let wait: number;
      try {
        const more = await this.turn();
        failures = 0;
        wait = more ? 0 : TURN_MS;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        this.failed(error, failures);
        wait = Math.min(TURN_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
      }
      if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  private async turn(): Promise<boolean> {
    const { handOver, now, everyMs = HEARTBEAT_MS } = this.parts;
    this.self ??= await this.enrol();
    if (this.renewalDue) await this.renewKey(this.self);
    const { identity } = this.self;
    if (now() - this.beatAt >= everyMs || now() < this.beatAt) {
      await this.beatOrShowNewKey(this.self);
      this.beatAt = now();
    }
    const more = (await handOver?.(identity, this.self.key, this.stopping.signal)) ?? false;
    this.reached();
    return more;
  }

  private async enrol(): Promise<Self> {
    const { folder, control, tokenFile, events } = this.parts;
    const identity = await enrol(folder, control, tokenFile, this.stopping.signal);
    events.enrolled(identity);
    // A crash after control has taken it, or before: it is shown again.
    this.renewalDue = await folder.hasNextKey();
    return { identity, key: await folder.key() };
  }

  /** The key before signs for the next one. */
  private async renewKey({ identity, key }: Self): Promise<void> {
    const { folder, control } = this.parts;
    const next = await folder.nextKey();
    const { publicKey } = next;
    const proof = next.sign(newKeyMessage(identity.node, publicKey)).signature;
    const message = { kind: 'key-renewal', node: identity.node, publicKey, proof };
    try {
      const signed = JSON.stringify(key.sign(message));
      const { keyExpiresAt } = await control.send('/v1/node-keys', signed, this.stopping.signal);
      await this.useNextKey(identity, next, keyExpiresAt);
    } catch (error) {
      if (!hasCode(error, 'node-key-not-due') && !hasCode(error, 'node-key-expired')) throw error;
    }
    this.renewalDue = false;
  }

  /** After the end of its key a person has to say that it is still one of ours, with a token. */
  private async beatOrShowNewKey(self: Self): Promise<void> {
    try {
      await this.beat(self.identity, self.key);
    } catch (error) {
      if (!hasCode(error, 'node-key-expired')) throw error;
      const { folder, control, tokenFile } = this.parts;
      const token = tokenFile && (await readFile(tokenFile, 'utf8').catch(() => undefined))?.trim();
      if (!token) throw error;
      const next = await folder.nextKey();
      const signed = JSON.stringify(next.sign({ kind: 'enrolment', token, publicKey: next.publicKey }));
      await control.send('/v1/node-enrolments', signed, this.stopping.signal).catch((refusal: unknown) => {
        throw hasCode(refusal, 'enrolment-refused') ? error : refusal;
      });
      await this.useNextKey(self.identity, next, null);
      await this.beat(self.identity, next);
    }
  }

  private async useNextKey(identity: NodeIdentity, key: NodeKey, keyExpiresAt: unknown): Promise<void> {
    await this.parts.folder.useNextKey();
    this.self = { identity, key };
    this.parts.events.keyRenewed(typeof keyExpiresAt === 'string' ? keyExpiresAt : null);
  }

  private async beat({ node }: NodeIdentity, key: NodeKey): Promise<void> {
    const { control, condition, now } = this.parts;
    // By the clock, so that a proxy that starts anew is above what it said before; a clock that went back does not stop it.
    this.stamp = Math.max(this.stamp + 1, now());
    const at = new Date(now()).toISOString();
    const message = { kind: 'heartbeat', node, stamp: this.stamp, at, ...condition() };
    const { taken, last, renewKey } = await control.send(
      '/v1/node-heartbeats',
      JSON.stringify(key.sign(message)),
      this.stopping.signal,
    );
    if (renewKey === true) this.renewalDue = true;
    if (taken !== true && typeof last === 'string' && Number.isSafeInteger(Number(last)))
      this.stamp = Number(last);
  }

  private reached(): void {
    this.refusal = undefined;
    if (this.reachable === true) return;
    this.reachable = true;
    this.parts.events.controlReachable(true);
  }

  private failed(error: unknown, failures: number): void {
    if (error instanceof RefusedByControl && error.status < 500) {
      if (this.refusal !== error.code) this.parts.events.refused(error.code, error.message);
      this.refusal = error.code;
      return;
    }
    if (this.reachable === false) return;
    if (this.reachable === undefined && failures < TRIES_AT_START) return;
    this.reachable = false;
    this.parts.events.controlReachable(false, error);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof RefusedByControl && error.code === code;
}
