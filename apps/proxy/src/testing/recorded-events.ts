import type { DeviceMark, EndedDownload, InstalledReport, Offer } from '#fleet/published';
import type { AccessRefusal, ServingEvents } from '#serving/published';

/** What happened, for tests to look at and to wait for. */
export class RecordedEvents implements ServingEvents {
  readonly seen: string[] = [];
  /** What went to devices. */
  readonly delivered: string[] = [];
  /** What devices said that they have. */
  readonly reported: string[] = [];
  /** What was told of upstream's failures, the hosts that they name included: the log has the same. */
  readonly whys: string[] = [];
  private waiting: (() => void)[] = [];

  policyObeyed = (position: string) => this.add(`obeyed ${position}`);
  memberRingObeyed = (ring: string, position: string) => this.add(`obeyed ${position} of ${ring}`);
  membershipObeyed = (position: string) => this.add(`members of ${position}`);
  policyConfirmed = () => undefined;
  policyRefused = (code: string) => this.add(`refused ${code}`);
  policyNotSaved = () => this.add('policy not saved');
  databaseReachable = (reachable: boolean) => this.add(`database ${reachable ? 'there' : 'gone'}`);
  manifestUnusable = (_: string, name: string) => this.add(`manifest unusable ${name}`);
  unanswerable = (entries: number) => this.add(`unanswerable ${entries}`);
  artefactMismatch = (_: string, where: string) => this.add(`mismatch ${where}`);
  keptBlobUnusable = (_: string, why: string) => this.add(`kept ${why}`);
  cacheAsked = (result: string) => this.add(`cache ${result}`);
  cacheEvicted = (folder: string) => this.add(`evicted ${folder}`);
  downloadFailed = (code: string, error: unknown) => {
    this.whys.push(String(error instanceof Error && error.cause ? error.cause : error));
    this.add(`download failed ${code}`);
  };
  withheld = (subject: string) => this.add(`withheld ${subject}`);
  refused = ({ request, subject, reason }: AccessRefusal) => this.add(`${reason}: ${request} ${subject}`);
  offered = (device: DeviceMark | null, _position: string, offers: readonly Offer[]) => {
    for (const { name, revision } of offers)
      this.delivered.push(`offered ${name} ${revision} to ${device?.serial ?? 'somebody'}`);
    return Promise.resolve();
  };
  installed = (device: DeviceMark | null, _position: string, { architecture, snaps }: InstalledReport) => {
    const said = snaps.map(({ snapId, revision, channel }) => `${snapId} ${revision} ${channel}`);
    this.reported.push(`${device?.serial ?? 'somebody'} ${architecture}: ${said.join(', ')}`);
  };
  downloadEnded = (
    device: DeviceMark | null,
    _position: string,
    { name, revision, outcome }: EndedDownload,
  ) => {
    this.delivered.push(`${outcome} ${name} ${revision} by ${device?.serial ?? 'somebody'}`);
  };
  upstreamFailed = (what: string, message: string) => {
    this.whys.push(message);
    this.add(`upstream ${what}`);
  };
  answeredStale = (what: string) => this.add(`stale ${what}`);
  prefetchMissing = (artefacts: number) => this.add(`prefetch missing ${artefacts}`);
  prefetchFailed = () => this.add('prefetch failed');
  prefetchNoRoom = (artefacts: number) => this.add(`prefetch no room ${artefacts}`);
  unexpected = (error: unknown) => this.add(`unexpected ${String(error)}`);

  /** Resolves once `event` has happened. */
  async until(event: string): Promise<void> {
    while (!this.seen.includes(event)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private add(event: string): void {
    this.seen.push(event);
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
