export type { DeliveriesRecorded } from './domain/deliveries/deliveries.js';
export type { InstalledSnap } from './domain/deliveries/installed.js';
export type { DeviceMark } from './domain/deliveries/record.js';
export type { EndedDownload, Offer } from './spool/recorder.js';
export type { InstalledReport } from './spool/installed-reports.js';
