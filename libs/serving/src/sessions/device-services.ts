import type { UpstreamStore } from '#upstream/published';

/** A service that makes serials, and how it is asked. */
export interface DeviceService {
  /** As the site lists it; what a gadget names may go on below it. */
  readonly url: URL;
  readonly store: Pick<UpstreamStore, 'relay'>;
}

/** The device services that devices may reach through this site: brands' serial vaults. Nothing that a device names is followed blindly. */
export class DeviceServices {
  constructor(private readonly listed: readonly DeviceService[]) {}

  /**
   * @param named by the device's gadget
   * @returns how to ask it, and the path of it below the listed origin; undefined for one that is not listed
   */
  find(named: string): { readonly store: DeviceService['store']; readonly path: string } | undefined {
    const url = URL.parse(named);
    if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
      return undefined;
    const path = withoutSlash(url.pathname);
    const service = this.listed.find(({ url: { origin, pathname } }) => {
      const base = withoutSlash(pathname);
      return url.origin === origin && (path === base || path.startsWith(`${base}/`));
    });
    return service && { store: service.store, path };
  }
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
