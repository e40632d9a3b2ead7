import { UpstreamError } from '../errors.js';

/** A time by which something must be done, joined with the caller's own wish to stop. */
export class Deadline implements Disposable {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(milliseconds: number, what: string, caller?: AbortSignal) {
    this.timer = setTimeout(() => {
      this.controller.abort(
        new UpstreamError('timed-out', `upstream took longer than ${milliseconds} ms for ${what}`),
      );
    }, milliseconds);
    this.signal = caller ? AbortSignal.any([this.controller.signal, caller]) : this.controller.signal;
  }

  /** What was to be done in time is done. The caller may still stop what goes on. */
  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }
}
