import type { Fault, FaultMode } from './fault.js';

/** The fault that is on, at most one. */
export class FaultSwitch {
  private current: Fault = { mode: 'none' };

  set(fault: Fault): void {
    this.current = fault;
  }

  get(): Fault {
    return this.current;
  }

  /** Whether that fault concerns a request. @param path of the request, without its query */
  concerns(mode: FaultMode, path: string): boolean {
    return this.current.mode === mode && path.startsWith(this.current.path ?? '/');
  }
}
