import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PasswordCheck } from './password-check.js';

const HOUR_MS = 3_600_000;

/** Puts counted wrong passwords into the history every hour and before an orderly stop. */
@Injectable()
export class FailureRecorder implements OnModuleInit, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly passwords: PasswordCheck) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      // What could not be recorded stays counted, for the next hour.
      this.passwords.recordAll().catch(() => undefined);
    }, HOUR_MS);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.passwords.recordAll();
  }
}
