import { request } from 'undici';
import type { JsonObject } from '#kernel';
import { findControl, type ControlPlace } from './control-address.js';

/** What control said no with. */
export class RefusedByControl extends Error {
  override readonly name = 'RefusedByControl';

  constructor(
    readonly status: number,
    /** Of the problem (RFC 9457); `unknown` for an answer that is none. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const PATIENCE_MS = 15_000;
/** Of an answer, in characters: more is not from a control. */
const LONGEST_ANSWER = 64 * 1024;

/** How a node speaks to control: one signed message, one answer. Follows no redirect. */
export class ControlClient {
  constructor(private readonly place: ControlPlace) {}

  /**
   * @param path below control's address, such as `/v1/node-heartbeats`
   * @param signed a `SignedMessage`, as JSON
   * @throws RefusedByControl; Error when control cannot be reached, or is not one
   */
  async send(path: string, signed: string | Uint8Array, signal: AbortSignal): Promise<JsonObject> {
    const control = await findControl(this.place);
    if (!control)
      throw new Error(
        this.place.runFile === undefined
          ? 'nobody says where control is: set HOLDFAST_CONTROL_URL'
          : 'control of this site does not listen yet',
      );
    try {
      const answer = await request(`${control.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: signed,
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        ...(control.dispatcher ? { dispatcher: control.dispatcher } : {}),
      });
      const json = objectIn(await bounded(answer.body));
      if (answer.statusCode === 200 && json) return json;
      throw refusal(answer.statusCode, json, control.url);
    } finally {
      void control.dispatcher?.close();
    }
  }
}

function refusal(status: number, json: JsonObject | undefined, url: string): RefusedByControl {
  const { code, detail } = json ?? {};
  return new RefusedByControl(
    status,
    typeof code === 'string' ? code : 'unknown',
    typeof detail === 'string' ? detail.slice(0, 500) : `${url} answers ${status}, and not as control does`,
  );
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > LONGEST_ANSWER) throw new Error('the answer is too long to be of control');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
