import type { Command } from 'commander';
import type { Cli, Output } from './cli.js';
import { OWN_NAME } from './names.js';
import { withTerminalWidth } from './output/terminal-width.js';
import { withSiteZone } from './output/times.js';
import { Connection } from './session/connection.js';

export const FORMATS = ['table', 'json'] as const;

/** Options of every command. */
export interface GlobalOptions {
  readonly format: (typeof FORMATS)[number];
  readonly url?: string;
  readonly atLeast?: string;
}

/** What a command's action works with: its own options and everybody's, and where its results go. */
export class Invocation<Options = object> {
  readonly options: Options & GlobalOptions;
  private connection: Connection | undefined;

  constructor(
    readonly cli: Cli,
    command: Command,
  ) {
    this.options = command.optsWithGlobals<Options & GlobalOptions>();
  }

  /** Whether a program acts here, with a token, and not a person in a session. */
  get hasToken(): boolean {
    return this.cli.env['HOLDFAST_TOKEN']?.startsWith('hft_') ?? false;
  }

  /** Whether it was called by a name of the Snap Store Proxy, whose scripts read what it printed. */
  get underOldName(): boolean {
    return this.cli.name !== OWN_NAME;
  }

  async connect(): Promise<Connection> {
    this.connection = await Connection.open(this.cli, this.options);
    return this.connection;
  }

  /** The result: the value as JSON, or what people read, with times in the site's zone beside UTC (R07). */
  result(value: unknown, forPeople: () => string): void {
    // Scripts read what the incumbent's commands print.
    const zone = this.underOldName ? undefined : this.connection?.control.zone;
    const { stdout } = this.cli;
    const text =
      this.options.format === 'json'
        ? `${JSON.stringify(value, null, 2)}\n`
        : withSiteZone(zone, () => withTerminalWidth(widthOf(stdout), forPeople));
    stdout.write(text);
  }

  /** A message beside the data: a sentence, or what makes a text with tables, which are laid out for who reads it. */
  say(message: string | (() => string)): void {
    const { stderr } = this.cli;
    const text = typeof message === 'string' ? message : withTerminalWidth(widthOf(stderr), message);
    stderr.write(`${text}\n`);
  }
}

/** Whoever reads from a pipe is a program, whatever terminal there is besides. */
function widthOf({ isTTY, columns }: Output): number | undefined {
  return isTTY === true ? columns : undefined;
}
