/** SQL of a row `request` of the change requests: when it was captured last, RFC 3339, UTC; null before. */
export const CAPTURED_AT = `(select max(line ->> 'at') from jsonb_array_elements(request.history) as line
  where line ->> 'type' = 'ArtefactsCaptured')`;

/** SQL, lateral to a row `request`: each `change` that it was captured to. */
export const CHANGES = `jsonb_array_elements(
  case jsonb_typeof(request.state -> 'changes') when 'array' then request.state -> 'changes' else '[]' end) as change`;
