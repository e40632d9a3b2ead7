import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { History } from './comparison/history.js';
import { KeptBlobs } from './comparison/kept.js';
import { AuditedLedger } from './comparison/ledger.js';
import { WalkedOffers } from './comparison/offers.js';
import { Attachments } from './comparison/attachments.js';
import { ShownRecord } from './comparison/read-models.js';
import { mountDisks, unmountDisks } from './disks/mounted.js';
import { Board } from './load/board.js';
import { Devices } from './load/devices.js';
import { CommandRecord } from './load/record.js';
import { Stock } from './load/stock.js';
import { Writers } from './load/writers.js';
import { FaultySite } from './site/site.js';

/** All that a round needs; it outlives the rounds. */
export interface Stage {
  /** Holds the site's home, the log of its processes, and the independent record. */
  readonly folder: string;
  readonly site: FaultySite;
  readonly board: Board;
  readonly record: CommandRecord;
  readonly writers: Writers;
  readonly devices: Devices;
  readonly history: History;
  readonly ledger: AuditedLedger;
  readonly shown: ShownRecord;
  readonly offers: WalkedOffers;
  readonly kept: KeptBlobs;
  readonly attachments: Attachments;
  /** How long the database stays away, where it does; undefined: by chance, for seconds. */
  readonly awayMs: number | undefined;
  /** @param keep leave the folder for whoever looks into a finding */
  strike(keep: boolean): Promise<void>;
}

export interface StageOptions {
  readonly seed: number;
  readonly smallDisks: boolean;
  readonly awayMs: number | undefined;
}

/**
 * A site from an empty folder, its people, its upstream, and a first decision in force.
 * @param options.smallDisks each folder of its home is a small disk; this process must have mounts of its own
 */
export async function setStage({ seed, smallDisks, awayMs }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-faults-'));
  const upstreamFolder = join(folder, 'upstream');
  await mkdir(upstreamFolder);
  const home = join(folder, 'home');
  if (smallDisks) await mountDisks(home);
  const upstream = await startSandboxStore({ dir: upstreamFolder, keysDir: join(upstreamFolder, 'keys') });
  const stock = new Stock(upstream);
  const site = await FaultySite.start(home, upstream, join(folder, 'site.log'));
  const strike = (keep: boolean): Promise<void> => takeDown(folder, site, upstream, { keep, smallDisks });
  try {
    const record = new CommandRecord(join(folder, 'record.jsonl'), `F${seed}`);
    const board = new Board(site.urls.control, record);
    await board.enrol(site.home);
    const writers = new Writers(board, stock);
    await writers.hold(Stock.LARGE_KEPT);
    await writers.holdNewest();
    await writers.lives.prepare();
    const vkey = (await readFile(site.home.secret('ledger.vkey'), 'utf8')).trim();
    const devices = new Devices(site.urls.proxy, site.home, stock);
    const { snap, channel } = Stock.TAMPERED;
    const tampered = await devices.ask(snap, channel);
    if (typeof tampered === 'string') throw new Error(`${snap} is not relayed: ${tampered}`);
    site.log.tampered = tampered.sha3_384;
    const relayed = [Stock.LARGE_RELAYED, Stock.TAMPERED].map((each): [string, number] => [
      `${each.snap} ${each.channel}`,
      each.revision,
    ]);
    return {
      folder,
      site,
      board,
      record,
      writers,
      devices,
      history: new History(),
      ledger: new AuditedLedger(site.home.ledger(), vkey),
      shown: new ShownRecord(board.rest),
      offers: new WalkedOffers({
        ...Object.fromEntries(relayed),
        'lab-hello latest/stable': 1,
        'lab-tool latest/stable': 3,
        'lab-multi latest/stable': 10,
      }),
      kept: new KeptBlobs(site.home.kept()),
      attachments: new Attachments(board.rest),
      awayMs,
      strike,
    };
  } catch (error) {
    await strike(true);
    throw new Error(`the stage could not be set; ${folder} holds the log`, { cause: error });
  }
}

async function takeDown(
  folder: string,
  site: FaultySite,
  upstream: SandboxStore,
  { keep, smallDisks }: { readonly keep: boolean; readonly smallDisks: boolean },
): Promise<void> {
  await site.stop();
  await upstream.close();
  if (smallDisks) await unmountDisks(site.home.folder, keep ? folder : undefined);
  if (!keep) await rm(folder, { recursive: true, force: true });
}
