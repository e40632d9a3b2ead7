export type { DeliveriesRecorded } from './domain/deliveries/deliveries.js';
export type { InstalledSnap } from './domain/deliveries/installed.js';
export type { DeviceMark, MemberStamp } from './domain/deliveries/record.js';
export {
  DEFAULT_RING,
  RING_NAME,
  rings,
  RINGS_STREAM,
  type RingCreated,
  type Rings,
} from './domain/rings/rings.js';
export type { EndedDownload, Offer } from './spool/recorder.js';
export type { InstalledReport } from './spool/installed-reports.js';
export { devicesOfRing, type DevicesOfRing, type RevisionInRing } from './queries/devices-of-ring.js';
export { knownRings, requireKnownRing } from './known-rings.js';
export { countDeliveries, type DeliveryCount } from './queries/count-deliveries.js';
export { listedDevices, type StreamHistory } from './listed-devices.js';
export {
  deviceList,
  deviceListStream,
  type DeviceList,
  type DeviceListImported,
} from './domain/device-list/device-list.js';
