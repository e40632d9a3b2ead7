/** Somebody whom worker, proxy or control must reach. */
export interface Connection {
  /** As the incumbent names them: `http: https://api.snapcraft.io`, `postgres: localhost`. */
  readonly name: string;
  /** @returns what is to be said besides, in brackets. Throws when it cannot be reached */
  reach(): Promise<string | undefined>;
}
