import { readFile } from 'node:fs/promises';

/** What Linux will do next with a connection of ours, and when; see proc_net_tcp.txt in its documentation. */
export async function tcpTimer(localPort: number): Promise<{ timer: string; seconds: number }> {
  const port = `:${localPort.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  const [, , , , , timer = ''] = lines.find(([, local]) => local?.endsWith(port)) ?? [];
  const [kind = '', ticks = ''] = timer.split(':');
  // In hundredths of a second, whatever the kernel's own clock ticks.
  return { timer: kind === '02' ? 'keepalive' : kind, seconds: Number.parseInt(ticks, 16) / 100 };
}
