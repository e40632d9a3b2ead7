import { Counter, Gauge, type Registry } from 'prom-client';

/** What is shown of the verifier's runs. */
export interface VerificationMetrics {
  /** @param findings of the last look; 0: it holds */
  looked(findings: number): void;
  /** A whole verification came to its end, whatever it found. @param at milliseconds since 1970 */
  whole(run: { readonly at: number; readonly seconds: number; readonly entries: bigint }): void;
  /** Something did not answer. */
  failed(): void;
  /** @param seconds since the oldest event that no checkpoint covers; 0: there is none */
  unsealed(seconds: number): void;
}

/** @param everyMs from one whole verification to the next */
export function verificationMetrics(registry: Registry, everyMs: number): VerificationMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const findings = gauge(
    'holdfast_ledger_verification_findings',
    'What the last look at ledger and events found that does not agree; 0: all that was looked at does',
  );
  const at = gauge('holdfast_ledger_verified_timestamp_seconds', 'When the whole ledger was last looked at');
  const seconds = gauge(
    'holdfast_ledger_verification_seconds',
    'How long the last look at the whole ledger took',
  );
  const entries = gauge(
    'holdfast_ledger_verified_entries',
    'How many entries the last look at the whole ledger verified; 0: it found what does not agree, or that nothing was sealed yet',
  );
  gauge(
    'holdfast_ledger_verification_interval_seconds',
    'From one look at the whole ledger to the next, as it is set',
  ).set(everyMs / 1000);
  const unsealed = gauge(
    'holdfast_ledger_unsealed_seconds',
    'How long the oldest event waits that no checkpoint covers; 0: none waits',
  );
  const failures = new Counter({
    name: 'holdfast_ledger_verification_failures_total',
    help: 'How often ledger and events could not be looked at, or what was found not be recorded',
    registers,
  });
  return {
    looked: (found) => findings.set(found),
    whole: (run) => {
      at.set(run.at / 1000);
      seconds.set(run.seconds);
      entries.set(Number(run.entries));
    },
    failed: () => failures.inc(),
    unsealed: (since) => unsealed.set(since),
  };
}
