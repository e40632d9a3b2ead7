import type { Reason } from '#kernel';

/** Why something was done. A standing reason is told apart: nobody gave it for this very act. */
export function reasonText({ code, text, ticket, standing }: Reason): string {
  const given = `${code}: ${text}${ticket === undefined ? '' : ` (${ticket})`}`;
  return standing === undefined ? given : `${given} [standing reason of token ${standing.name}]`;
}

/** Who did something: a token with the person who answers for it. */
export function actorText({
  id,
  name,
  owner,
}: {
  readonly id: string;
  readonly name?: string;
  readonly owner?: { readonly name: string };
}): string {
  return owner === undefined ? (name ?? id) : `token ${name ?? id} of ${owner.name}`;
}
