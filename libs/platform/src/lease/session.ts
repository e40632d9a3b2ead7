/**
 * Of a session that keeps a lease from others, so that PostgreSQL ends it, and the next one gets its turn, soon after the holder's host has
 * vanished: after 5 s of silence and 3 probes 2 s apart, 11 s. A process that was killed is noticed at once: its connection is closed by its
 * kernel. `client_connection_check_interval` does the same while a statement runs or waits.
 */
const NOTICED = [
  'tcp_keepalives_idle=5',
  'tcp_keepalives_interval=2',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=11000',
  'client_connection_check_interval=5000',
];

/** The session's settings, as a connection's `options`. @param settings further ones, `name=value` */
export function sessionOptions(...settings: readonly string[]): string {
  return [...NOTICED, ...settings].map((setting) => `-c ${setting}`).join(' ');
}

/**
 * Of one that holds the lease's row within a transaction: {@link requireLease} keeps a take-over waiting until that ends.
 * @param standstillMs how long its process may do nothing within a transaction before PostgreSQL undoes it
 */
export function transactionOptions(standstillMs: number): string {
  return sessionOptions(`idle_in_transaction_session_timeout=${standstillMs}`);
}
