import type pg from 'pg';
import type { Fence } from '#event-store/fence';
import { leaseError } from './errors.js';

export type { Fence };

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
