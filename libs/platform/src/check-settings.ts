import { ConfigError, loadConfig, shownSettings } from './config.js';

export const CHECK_SETTINGS = '--check-settings';

/** What a server's program prints when it is asked about its settings: one line of JSON. */
export interface SettingsVerdict {
  /** A sentence for each that is wrong. */
  readonly wrong: readonly string[];
  /** By variable, without secrets; empty when one is wrong. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Reads the settings from the environment as the server would, and says how they are. Exit codes: 0 right, 2 wrong. */
export function checkSettings(Settings: new () => object): void {
  const verdict = verdictOn(Settings);
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  process.exitCode = verdict.wrong.length === 0 ? 0 : 2;
}

function verdictOn(Settings: new () => object): SettingsVerdict {
  try {
    return { wrong: [], settings: shownSettings(loadConfig(Settings, process.env)) };
  } catch (error) {
    if (error instanceof ConfigError) return { wrong: error.sentences, settings: {} };
    throw error;
  }
}
