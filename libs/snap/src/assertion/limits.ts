/** Sizes in bytes, as snapd enforces them (protocol page §10). Beyond them nothing is read, let alone parsed. */
export const MAX_HEADERS_BYTES = 128 * 1024;
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
export const MAX_SIGNATURE_BYTES = 128 * 1024;

/** Ours, not snapd's: a device's whole chain is some dozens, a bulk refresh some hundreds. */
export const MAX_ASSERTIONS_IN_STREAM = 10_000;
