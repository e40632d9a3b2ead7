import type { Page } from 'playwright-core';

/** What a browser complains about on a page: one that its own policy forbids something is broken, and so is one that is wider than its window. */
export class Complaints {
  readonly all: string[] = [];

  constructor(private readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.all.push(message.text());
    });
    page.on('pageerror', (error) => this.all.push(error.message));
  }

  /** Looks whether the page, as it is now, has room. @param shown what it shows */
  async lookAtWidth(shown: string): Promise<void> {
    if (await this.page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
      this.all.push(`${shown} is wider than the window`);
  }
}
