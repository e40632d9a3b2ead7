/** Of a connection to PostgreSQL: a server that vanished is noticed within seconds. Without a delay of its own, the system looks only every two hours. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const;
