/**
 * SQL: the number of a stream's newest event that the read models show; null before the first. In the statement that shows the rest of a record, it is of the same moment.
 * @param stream SQL that gives the stream's name
 */
export function revisionOf(stream: string): string {
  return `(select trail.body->>'streamRevision' from read.audit_trail_v1 as trail
    where trail.stream = ${stream} order by trail.position desc limit 1)`;
}

/** SQL: the entity tag of a record by itself, in the list that shows it, as `If-Match` takes it. @param stream as of {@link revisionOf} */
export function entityTagOf(stream: string): string {
  return `('"' || ${revisionOf(stream)} || '"')`;
}
