import { APPEND_FUNCTION } from './postgres/append-function.js';
import { APPEND_ONLY_TRIGGERS, EVENTS_SCHEMA } from './postgres/schema.js';

/** All that the event store needs in a PostgreSQL database, for whoever prepares it. Rights are that one's to give. */
export const EVENT_STORE_SCHEMA = EVENTS_SCHEMA + APPEND_FUNCTION + APPEND_ONLY_TRIGGERS;

export { CLOSABLE_HEAD } from './postgres/closing.js';
export { SET_WISE_APPEND } from './postgres/set-wise-append.js';
export { READABLE_EVENTS } from './postgres/schema.js';
export { ONE_STATEMENT_APPEND } from './postgres/one-statement-append.js';
