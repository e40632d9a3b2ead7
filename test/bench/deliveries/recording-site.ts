import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { enrolOwnProxy } from '#apps/host/src/enrol-own-proxy';
import { openStoreInUse } from '#apps/host/src/store-in-use';
import { up, type Running } from '#apps/host/src/up';
import { NodeFolder } from '#fleet/node/node-folder';
import { StreamWriter } from '#platform/decide-and-append';
import { NO_UPSTREAM } from '../serving/proxy-on-disk.js';
import { SiteProcesses, signal } from '../../faults/site/processes.js';

/** What a node that is enrolled here is told to obey. */
export interface Obeyed {
  readonly origin: string;
  /** A C2SP vkey. */
  readonly policyKey: string;
}

/** A whole site with a PostgreSQL of its own that flushes, as `holdfast up` starts it. */
export class RecordingSite {
  private readonly processes: SiteProcesses;

  private constructor(
    readonly home: string,
    private readonly running: Running,
  ) {
    this.processes = new SiteProcesses(home);
  }

  static async start(log: (line: string) => void): Promise<RecordingSite> {
    const home = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-home-'));
    const env = {
      PATH: process.env['PATH'],
      HOLDFAST_UPSTREAM_URL: NO_UPSTREAM,
      HOLDFAST_LOG_LEVEL: 'error',
    };
    const running = await up({ home, env, ports: { control: 0, proxy: 0 }, log });
    return new RecordingSite(home, running);
  }

  get controlUrl(): string {
    return this.running.urls.control;
  }

  get ownerUrl(): string {
    return this.running.ownerUrl;
  }

  /** @returns the folder of a proxy that is a node of this site */
  async enrol(name: string, obeyed: Obeyed): Promise<string> {
    const folder = path.join(this.home, 'nodes', name);
    await mkdir(folder, { recursive: true });
    const { store } = await openStoreInUse(this.ownerUrl, undefined);
    try {
      await enrolOwnProxy(new NodeFolder(folder), new StreamWriter(store, 'Etc/UTC'), obeyed);
    } finally {
      await store.close();
    }
    return folder;
  }

  /** kill -9; the supervisor starts it again. */
  async kill(victim: 'control' | 'projector' | 'postgres'): Promise<void> {
    const pids =
      victim === 'postgres' ? await this.processes.postgres() : [await this.processes.server(victim)];
    if (pids.every((pid) => pid === undefined)) throw new Error(`${victim} does not run`);
    signal('SIGKILL', pids);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}
