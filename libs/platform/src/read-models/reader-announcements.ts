import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { uuidv7 } from '#kernel';
import type { ReadModels } from '../http/read-models.js';
import type { ReadModelVersion } from '../projection.js';
import { READ_MODEL_VERSIONS, READ_MODELS } from '../tokens.js';
import { announce, ANNOUNCE_EVERY_MS } from './announcements.js';

/** Says for as long as the process runs which read models it reads. That it could not, while the database is away, is made good soon after. */
@Injectable()
export class ReaderAnnouncements implements OnModuleInit, OnModuleDestroy {
  private readonly reader = uuidv7();
  private readonly logger = new Logger(ReaderAnnouncements.name);
  private timer: NodeJS.Timeout | undefined;
  private announcing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(READ_MODEL_VERSIONS) private readonly versions: readonly ReadModelVersion[],
  ) {}

  onModuleInit(): void {
    this.say();
    this.timer = setInterval(() => this.say(), ANNOUNCE_EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.announcing;
  }

  private say(): void {
    const query = (text: string, values: unknown[]) => this.readModels.query(text, values);
    this.announcing = announce(query, this.reader, this.versions).catch((error: unknown) => {
      this.logger.warn(error, 'could not say which read models are read here; will try again');
    });
  }
}
