import type pg from 'pg';
import { leaseError } from './errors.js';

/** A lease that was taken, as the database checks it at each write. */
export interface Fence {
  readonly name: string;
  /** Grows each time the lease is taken, by whomever. */
  readonly epoch: bigint;
}

/**
 * Call first in a transaction: until it ends, nobody can take the lease over.
 * @throws LeaseError `fenced-out` when somebody has; the transaction can only be rolled back then
 */
export async function requireLease(tx: Pick<pg.ClientBase, 'query'>, { name, epoch }: Fence): Promise<void> {
  try {
    await tx.query('select holdfast.require_lease($1, $2)', [name, String(epoch)]);
  } catch (error) {
    throw leaseError(error);
  }
}
