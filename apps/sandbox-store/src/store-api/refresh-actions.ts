import { SandboxError } from '../sandbox-error.js';

export type Action = SnapAction | FetchAssertionsAction;

/** Install, download or refresh of one snap, named by its name or its id. */
export interface SnapAction {
  readonly kind: 'install' | 'download' | 'refresh';
  readonly instanceKey: string;
  readonly name: string | undefined;
  readonly snapId: string | undefined;
  readonly channel: string | undefined;
  readonly revision: number | undefined;
}

export interface FetchAssertionsAction {
  readonly kind: 'fetch-assertions';
  readonly key: string;
  readonly assertions: readonly WantedAssertion[];
}

export interface WantedAssertion {
  readonly type: string;
  readonly primaryKey: readonly string[] | undefined;
  readonly sequenceKey: readonly string[] | undefined;
  /** The one of the sequence that is wanted; undefined: its latest. */
  readonly sequence: number | undefined;
  /** The one of the sequence that the client has, when it wants the latest. */
  readonly ifSequenceEqualOrNewerThan: number | undefined;
  /** The revision that the client has; undefined when it has none. */
  readonly ifNewerThan: number | undefined;
}

/** @throws SandboxError `bad-request` */
export function parseActions(value: unknown): Action[] {
  if (!Array.isArray(value)) throw new SandboxError('bad-request', 'actions must be a list');
  return (value as unknown[]).map((each, index) => {
    if (!isRecord(each)) throw new SandboxError('bad-request', `action ${index} is no object`);
    return parseAction(each, index);
  });
}

function parseAction(action: Readonly<Record<string, unknown>>, index: number): Action {
  const kind = action['action'];
  if (kind === 'fetch-assertions') {
    const wanted: unknown = action['assertions'];
    const assertions = Array.isArray(wanted) ? (wanted as unknown[]).filter(isRecord).map(parseWanted) : [];
    return { kind, key: text(action['key']) ?? '', assertions };
  }
  const instanceKey = text(action['instance-key']);
  if (instanceKey === undefined || (kind !== 'install' && kind !== 'download' && kind !== 'refresh')) {
    throw new SandboxError('bad-request', `action ${index} is none that this store knows`);
  }
  return {
    kind,
    instanceKey,
    name: text(action['name']),
    snapId: text(action['snap-id']),
    channel: text(action['channel']),
    revision: number(action['revision']),
  };
}

function parseWanted(wanted: Readonly<Record<string, unknown>>): WantedAssertion {
  return {
    type: text(wanted['type']) ?? '',
    primaryKey: texts(wanted['primary-key']),
    sequenceKey: texts(wanted['sequence-key']),
    sequence: number(wanted['sequence']),
    ifSequenceEqualOrNewerThan: number(wanted['if-sequence-equal-or-newer-than']),
    ifNewerThan: number(wanted['if-newer-than']),
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? (value as unknown[]).filter((each) => typeof each === 'string') : undefined;
}
