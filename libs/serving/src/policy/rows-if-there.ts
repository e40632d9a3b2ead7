import { DatabaseError, type QueryResult, type QueryResultRow } from 'pg';

const UNDEFINED_TABLE = '42P01';

/** None before the projector of this release has made its read models: then what is in force stays so. */
export async function rowsIfThere<Row extends QueryResultRow>(
  asked: Promise<QueryResult<Row>>,
): Promise<readonly Row[]> {
  try {
    return (await asked).rows;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
