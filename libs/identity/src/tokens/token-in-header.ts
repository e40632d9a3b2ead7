const PLAIN = /^(?:Bearer|Macaroon|Token) +([\w-]{1,200})$/i;
/** As the Snap Store Proxy's clients send a macaroon: with a discharge beside the root, which a token has no use for. */
const MACAROON = /^Macaroon +root="?([\w-]{1,200})"?(?: *, *discharge="?[\w=+/-]*"?)?$/i;

/** The token in an `Authorization` header, in any of the forms that clients of stores send; undefined when there is none. */
export function tokenInHeader(authorization: string): string | undefined {
  return (PLAIN.exec(authorization) ?? MACAROON.exec(authorization))?.[1];
}
