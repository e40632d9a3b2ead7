import { Inject, Injectable } from '@nestjs/common';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../credentials/credential-rules.js';
import { isUnused } from '../domain/person/unused-session.js';
import { SessionUseStore } from './session-use-store.js';

/** How far what the other controls know of a use may lie behind. The site's limit is at least five times that. */
const WRITTEN_EVERY_MS = 60_000;
/** What is forgotten is asked for in the table. */
const MOST_REMEMBERED = 10_000;

interface Use {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The latest that the clock had ever said by then, in ms. */
  readonly clock: number;
  /** When the table was told, RFC 3339, UTC. */
  readonly toldAt: string;
  /** What it has had from then on: another use than that one where a control whose clock is ahead noted it. */
  readonly written: string;
}

/** In which nothing was asked for too long. */
export interface Unused {
  readonly lastUsedAt: string;
  readonly idleMinutes: number;
}

/** When each session was used last: by this control in memory, by all of them, to the minute, in a table. */
@Injectable()
export class LastUses {
  private readonly uses = new Map<string, Use>();
  private clock = 0;

  constructor(
    private readonly store: SessionUseStore,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
  ) {}

  /**
   * Notes that something is asked in a session, unless it was unused for too long. Most requests of a session that is in use read and write nothing.
   * @param beganAt RFC 3339, UTC, as `at`
   * @returns undefined: it goes on
   */
  async note(
    session: string,
    { beganAt, at }: { readonly beganAt: string; readonly at: string },
  ): Promise<Unused | undefined> {
    this.clock = Math.max(this.clock, Date.parse(at));
    const known = this.uses.get(session);
    if (known && this.isFresh(known, at)) {
      this.remember(session, { ...known, at });
      return undefined;
    }
    const { sessionIdleMinutes: idleMinutes } = await this.rules();
    const written = await this.store.lastUse(session);
    // Where nobody noted another use since, it is this control's own, whatever the table has: the clock may have been set back.
    const own = known?.written === written ? known : undefined;
    const lastUsedAt = own?.at ?? newest(beganAt, written, known?.at);
    // A clock that was set back shows a shorter time than has passed: what it had said before counts as well.
    const passedBefore = own !== undefined && this.clock - own.clock >= idleMinutes * 60_000;
    if (passedBefore || isUnused(lastUsedAt, idleMinutes, at)) {
      this.uses.delete(session);
      return { lastUsedAt, idleMinutes };
    }
    this.remember(session, { at, toldAt: at, written: await this.store.used(session, at) });
    return undefined;
  }

  private isFresh({ clock, toldAt }: Use, at: string): boolean {
    const sinceTold = Date.parse(at) - Date.parse(toldAt);
    return sinceTold >= 0 && sinceTold < WRITTEN_EVERY_MS && this.clock - clock < WRITTEN_EVERY_MS;
  }

  /** Behind all others: the first is the one whose last use is the longest ago. */
  private remember(session: string, use: Omit<Use, 'clock'>): void {
    this.uses.delete(session);
    this.uses.set(session, { ...use, clock: this.clock });
    const [oldest] = this.uses.size > MOST_REMEMBERED ? this.uses.keys() : [];
    if (oldest !== undefined) this.uses.delete(oldest);
  }
}

/** RFC 3339 in UTC with milliseconds, all of them: ordered as text. */
function newest(first: string, ...others: readonly (string | null | undefined)[]): string {
  return others.reduce<string>((latest, each) => (each && each > latest ? each : latest), first);
}
