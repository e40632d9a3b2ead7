import { setTimeout as delay } from 'node:timers/promises';
import type { Findings } from '../findings.js';
import type { Disk } from '../kinds.js';
import { ask, download, type Offer } from '../load/store-client.js';
import { Stock } from '../load/stock.js';
import type { Stage } from '../stage.js';
import { until } from '../until.js';

const SHOWS_WITHIN_MS = 60_000;

/**
 * What must be seen while a disk is full, as docs/reference/faults.md writes it down for each folder. Devices are served what was decided,
 * whichever disk it is.
 */
export async function whileFull(disk: Disk, stage: Stage, findings: Findings): Promise<void> {
  await expected[disk](stage, findings);
  await servesWhatIsDecided(stage, findings);
}

type Expected = (stage: Stage, findings: Findings) => Promise<void>;

const expected: Readonly<Record<Disk, Expected>> = {
  /** Commands are refused, or end without an answer; the record takes none. */
  pg: async ({ record }) => {
    const since = record.entries.length;
    await until('a command is refused', SHOWS_WITHIN_MS, () => {
      const failed = record.entries.slice(since).find(({ outcome }) => {
        return outcome.kind === 'refused' && outcome.status === 503;
      });
      return Promise.resolve(failed);
    });
  },

  /** What asks for a capture waits for it, neither refused nor captured. */
  kept: async ({ board, writers }, findings) => {
    const drafted = await board.draft([writers.fresh()], { submit: true });
    if (drafted.kind !== 'acknowledged') return findings.add(`with full kept/: ${JSON.stringify(drafted)}`);
    await delay(3_000);
    const shown = await until('the request is shown', SHOWS_WITHIN_MS, () => board.show(drafted.id));
    findings.expect(
      shown.status === 'submitted',
      `with full kept/: ${drafted.id} is ${shown.status}, and must wait`,
    );
  },

  /** What is relayed and not cached is refused by a name, or breaks off; it does not come whole, through no disk. */
  cache: async ({ site, devices }, findings) => {
    const { snap, channel } = Stock.LARGE_RELAYED;
    const offer = await until('an offer of what is relayed', SHOWS_WITHIN_MS, async () => {
      const asked = await ask(site.urls.proxy, snap, { channel });
      return typeof asked === 'string' ? undefined : asked;
    });
    await devices.forget(offer);
    const seen = await refusalOrCut(offer.url);
    findings.expect(
      ['503 cache-unavailable', 'cut'].includes(seen),
      `with full cache/: a relayed download: ${seen}`,
    );
  },

  /** Nothing is sealed. */
  ledger: (stage, findings) => sealingWaits(0, stage, findings),

  /** The ledger's own checkpoint may be ahead by one seal: it is written first. */
  'ledger-second': (stage, findings) => sealingWaits(1, stage, findings),

  /** Kept blobs are in the folder here: nothing passes through it, and everything goes on. */
  spool: async ({ writers }) => {
    const since = performance.now();
    await until('a change goes all the way', SHOWS_WITHIN_MS, () =>
      Promise.resolve(writers.held && writers.held.asked > since ? true : undefined),
    );
  },
};

/** How a download ended: `whole`, `cut` behind a 200, or its status and code. @throws Error when the proxy cannot be reached */
async function refusalOrCut(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(SHOWS_WITHIN_MS) });
  if (response.status === 200) {
    return await response.arrayBuffer().then(
      () => 'whole',
      () => 'cut',
    );
  }
  const { 'error-list': errors } = (await response.json()) as {
    'error-list'?: readonly { readonly code: string }[];
  };
  return `${response.status} ${errors?.[0]?.code}`;
}

/** Commands go on; what is not sealed in both places is not shown, and no policy moves. */
async function sealingWaits(
  seals: number,
  { board, ledger, site }: Stage,
  findings: Findings,
): Promise<void> {
  const { unsealed } = site.log;
  const drafted = await until('a command is acknowledged', SHOWS_WITHIN_MS, async () => {
    const outcome = await board.draft([{ snap: 'lab-multi', channel: 'latest/beta', revision: 10 }], {
      submit: false,
    });
    return outcome.kind === 'acknowledged' ? outcome : undefined;
  });
  // What had its room when the disk became full is sealed to its end.
  await until('the projector finds no room', SHOWS_WITHIN_MS, () =>
    Promise.resolve(site.log.unsealed > unsealed || undefined),
  );
  const sizes = new Set([ledger.size]);
  for (let look = 0; look < 30; look++) {
    await delay(100);
    sizes.add(ledger.size);
  }
  findings.expect(
    sizes.size <= seals + 1,
    `with a full disk it was sealed at ${[...sizes].join(', ')} entries: ${seals} times are expected`,
  );
  const shown = await board.show(drafted.id).then(
    ({ status }) => status,
    () => 'not shown',
  );
  findings.expect(
    shown === 'not shown',
    `with a full disk: ${drafted.id} is shown as ${shown}, and is not sealed`,
  );
}

async function servesWhatIsDecided({ site }: Stage, findings: Findings): Promise<void> {
  const { snap, channel, revision } = Stock.LARGE_KEPT;
  const asked = await until<Offer>('a device is answered', SHOWS_WITHIN_MS, async () => {
    const offer = await ask(site.urls.proxy, snap, { channel });
    return typeof offer === 'string' ? undefined : offer;
  });
  findings.expect(
    asked.revision === revision,
    `${snap} is held at ${revision}, and was offered at ${asked.revision}`,
  );
  const got = await download(asked.url, undefined);
  findings.expect(got?.whole === true, `${snap} ${revision} is kept, and did not come`);
}
