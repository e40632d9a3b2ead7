import type pg from 'pg';

/** The backend was ended (57P01 to 57P05, and 08xxx), maybe after it had committed: nobody told us. */
const ENDED = /^(57P0[12345]|08...)$/;

/**
 * The server undid the statement for reasons that pass: resources (53), a time limit (57014), not up yet (57P03), locks and serialisation
 * (40, 55P03), a standby that takes no writes (25006).
 */
const UNDONE = /^(53...|57014|57P03|40...|55P03|25006)$/;

/** Whether the server may not have told us what became of the statement. */
export function backendEnded(error: pg.DatabaseError): boolean {
  return ENDED.test(error.code ?? '');
}

/** Whether what a server that is there says may be gone when it is asked again. A wrong password, or a table that is missing, does not pass by waiting. */
export function serverSaysPassing(error: pg.DatabaseError): boolean {
  return backendEnded(error) || UNDONE.test(error.code ?? '');
}
