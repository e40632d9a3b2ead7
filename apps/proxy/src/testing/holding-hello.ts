import { Device } from './device.js';
import { ProxySite, type RunningProxy } from './proxy-site.js';

export interface HoldingHello {
  readonly site: ProxySite;
  readonly proxy: RunningProxy;
  readonly device: Device;
}

/** A proxy that obeys a policy: lab-hello is held at revision 2 on stable, and nothing else is held. */
export async function holdingHello(access: 'open' | 'gated' = 'open'): Promise<HoldingHello> {
  const site = await ProxySite.start();
  await site.decide(access, await site.capture('lab-hello', 'stable', 2));
  const proxy = await site.proxy();
  await proxy.events.until('obeyed 1');
  return { site, proxy, device: new Device(proxy.url) };
}
