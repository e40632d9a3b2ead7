import type { Findings } from '../findings.js';
import { until } from '../until.js';
import type { Happened, History } from './history.js';
import { policyMoves, type PolicyMove } from './requests.js';

const CATCH_UP_MS = 30_000;

interface AuditPage {
  readonly events: readonly { readonly position: string; readonly id: string; readonly sha256: string }[];
  readonly next: string | null;
}
interface RequestPage {
  readonly changeRequests: readonly { readonly id: string; readonly status: string }[];
  readonly next: string | null;
}
interface Overrides {
  readonly overrides: readonly {
    readonly name: string;
    readonly channel: string;
    readonly architecture: string;
    readonly revision: number;
    readonly since: { readonly position: string };
  }[];
}

/** Where it is shown: control's REST. */
export interface Shower {
  get<Body>(path: string, token: string): Promise<Body>;
}

/** What control shows of the record, once it says that it has caught up, against the record: every event, request and override, once. */
export class ShownRecord {
  /** Events up to here were compared in an earlier round. */
  private compared = -1;

  constructor(private readonly rest: Shower) {}

  /**
   * @param all how each request stands by its events
   * @param readOn reads into `history` what was appended since: proxies hand over what they recorded whenever they like
   */
  async compare(
    history: History,
    all: ReadonlyMap<string, string>,
    token: string,
    findings: Findings,
    readOn: () => Promise<void>,
  ): Promise<void> {
    const last = history.events.at(-1);
    if (!last) return;
    await until('the read models catch up', CATCH_UP_MS, () =>
      this.rest.get<AuditPage>(`/v1/audit?limit=1&atLeast=${last.cursor}`, token),
    );
    await this.compareTrail(history.events, token, findings, readOn);
    await this.compareRequests(all, token, findings);
    const moves = policyMoves(history);
    for (const ring of new Set(moves.map((move) => move.ring)))
      await this.compareOverrides(
        moves.filter((move) => move.ring === ring),
        ring,
        token,
        findings,
      );
  }

  private async compareTrail(
    events: readonly Happened[],
    token: string,
    findings: Findings,
    readOn: () => Promise<void>,
  ): Promise<void> {
    const settled = events.length;
    let position = this.compared + 1;
    for (let next: string | null = this.compared < 0 ? '' : String(this.compared); next !== null;) {
      const after: string = next === '' ? '' : `&after=${next}`;
      const page: AuditPage = await this.rest.get<AuditPage>(`/v1/audit?limit=500${after}`, token);
      for (const shown of page.events) {
        if (position === events.length) await readOn();
        const { envelope, sha256 } = events[position] ?? {};
        findings.expect(
          shown.position === String(position) && shown.id === envelope?.id && shown.sha256 === sha256,
          `the audit trail shows ${shown.id} at ${shown.position}; event ${position} is ${envelope?.id}`,
        );
        position += 1;
      }
      next = page.next;
    }
    findings.expect(
      position >= settled && position <= events.length,
      `the audit trail shows ${position} of ${events.length} events`,
    );
    this.compared = position - 1;
  }

  private async compareRequests(
    all: ReadonlyMap<string, string>,
    token: string,
    findings: Findings,
  ): Promise<void> {
    const shown = new Map<string, string>();
    for (let next: string | null = ''; next !== null;) {
      const after: string = next === '' ? '' : `&after=${next}`;
      const page: RequestPage = await this.rest.get<RequestPage>(
        `/v1/change-requests?limit=500${after}`,
        token,
      );
      for (const { id, status } of page.changeRequests) {
        findings.expect(!shown.has(id), `${id} is listed twice`);
        shown.set(id, status);
      }
      next = page.next;
    }
    for (const [id, status] of all)
      findings.expect(shown.get(id) === status, `${id} is ${status}, and is shown as ${shown.get(id)}`);
    findings.expect(shown.size === all.size, `${shown.size} requests are listed, there are ${all.size}`);
  }

  private async compareOverrides(
    moves: readonly PolicyMove[],
    ring: string,
    token: string,
    findings: Findings,
  ): Promise<void> {
    const expected = new Map<string, string>();
    for (const { name, channel, architecture, version, position } of moves) {
      const key = `${ring} ${name} ${channel} ${architecture}`;
      if (version === null) expected.delete(key);
      else expected.set(key, `${version} since ${position}`);
    }
    const { overrides } = await this.rest.get<Overrides>(`/v1/overrides?ring=${ring}`, token);
    const shown = overrides.map(
      ({ name, channel, architecture, revision, since }) =>
        [`${ring} ${name} ${channel} ${architecture}`, `${revision} since ${since.position}`] as const,
    );
    for (const [key, value] of shown)
      findings.expect(expected.get(key) === value, `${key} is shown as ${value}, it is ${expected.get(key)}`);
    findings.expect(
      shown.length === expected.size,
      `${shown.length} overrides are shown, there are ${expected.size}`,
    );
  }
}
