import { sentenceOf, within } from '#kernel';

/** What a server waits for, or can do without for a while. */
export interface Condition {
  readonly name: string;
  readonly met: boolean;
  /** Whether the server is not ready without it. */
  readonly needed: boolean;
  /** Why it is not met, in a sentence for a person. */
  readonly says?: string;
}

export interface Report {
  readonly server: string;
  readonly ready: boolean;
  /** The names of the needed conditions that are not met. */
  readonly waitsFor: readonly string[];
  readonly conditions: readonly Condition[];
}

/** A condition that somebody reports when it changes. */
export interface Milestone {
  met(): void;
  waiting(says: string): void;
}

/** Looked at when somebody asks. @returns undefined when it is met, else why not; a rejection is not met either */
export type Look = () => Promise<string | undefined> | string | undefined;

/** A look that takes longer is an answer: what is waited for does not come. */
const PATIENCE_MS = 2_000;
/** Many may ask at once; the database is asked once. */
const FRESH_MS = 1_000;

/** Whether a server can do its work, and, while it can't, what it waits for, by name. */
export class Readiness {
  private readonly looks = new Map<string, { readonly needed: boolean; readonly look: Look }>();
  private last: { readonly at: number; readonly conditions: Promise<readonly Condition[]> } | undefined;
  private stopped: string | undefined;

  constructor(readonly server: string) {}

  /** A condition that is not met until it is said to be; whoever asks next hears of the change. */
  expect(name: string, says: string): Milestone {
    let why: string | undefined = says;
    this.check(name, () => why);
    return {
      met: () => {
        if (why !== undefined) this.last = undefined;
        why = undefined;
      },
      waiting: (sentence) => {
        if (why === undefined) this.last = undefined;
        why = sentence;
      },
    };
  }

  /** @param needed false for what a server does without for a while: it is shown, and keeps nobody from being ready */
  check(name: string, look: Look, { needed = true }: { readonly needed?: boolean } = {}): void {
    this.looks.set(name, { needed, look });
    this.last = undefined;
  }

  /** From now on not ready, whatever holds. */
  stop(why: string): void {
    this.stopped = why;
  }

  async report(): Promise<Report> {
    const looked = await this.conditions();
    const stopped = this.stopped;
    const conditions: readonly Condition[] =
      stopped === undefined
        ? looked
        : [...looked, { name: 'stopping', met: false, needed: true, says: stopped }];
    const waitsFor = conditions.filter(({ met, needed }) => needed && !met).map(({ name }) => name);
    return { server: this.server, ready: waitsFor.length === 0, waitsFor, conditions };
  }

  private conditions(): Promise<readonly Condition[]> {
    const now = performance.now();
    if (!this.last || now - this.last.at > FRESH_MS) {
      const all = [...this.looks].map(([name, { needed, look }]) => lookAt(name, needed, look));
      this.last = { at: now, conditions: Promise.all(all) };
    }
    return this.last.conditions;
  }
}

async function lookAt(name: string, needed: boolean, look: Look): Promise<Condition> {
  let says: string | undefined;
  try {
    says = await within(PATIENCE_MS, async () => look());
  } catch (error) {
    says = sentenceOf(error);
  }
  return { name, needed, met: says === undefined, ...(says === undefined ? {} : { says }) };
}
