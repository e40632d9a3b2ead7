import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { runningControl } from './home.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';

/**
 * Control's address: `--url`, else HOLDFAST_URL, else what `holdfast up` on this machine says, else the default port.
 * @throws CliError `usage` for what is not an http(s) address
 */
export async function serverUrl(env: Cli['env'], asked: string | undefined): Promise<string> {
  const given = asked ?? env['HOLDFAST_URL'];
  if (given === undefined || given === '') return (await runningControl(env)) ?? DEFAULT_URL;
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CliError('usage', `"${given}" is not an address such as ${DEFAULT_URL}`);
  }
  return url.href.replace(/\/$/, '');
}
