export type { DeviceMark } from './domain/deliveries/record.js';
export type { EndedDownload, Offer } from './spool/recorder.js';
