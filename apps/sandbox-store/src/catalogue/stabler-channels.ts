/** From the stablest on. */
export const RISKS = ['stable', 'candidate', 'beta', 'edge'];

/**
 * Where a client of a closed channel is forwarded to, nearest first: `latest/beta` → `latest/candidate`,
 * `latest/stable`; a branch begins with its own risk.
 * @param channel in full: track, risk, perhaps branch
 */
export function stablerChannels(channel: string): string[] {
  const [track = '', risk = '', branch] = channel.split('/');
  const end = RISKS.indexOf(risk) + (branch === undefined ? 0 : 1);
  return RISKS.slice(0, end)
    .reverse()
    .map((stabler) => `${track}/${stabler}`);
}
