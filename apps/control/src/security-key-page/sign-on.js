// Going to the identity provider, and coming back from it: the page starts anew then, and finds here what it was about.
const KEPT = 'holdfast.single-sign-on';

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** What was kept when this page went there; read once. Null when it comes from nowhere. */
function comeBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  sessionStorage.removeItem(KEPT);
  if (location.pathname !== '/single-sign-on') return null;
  const query = location.search.slice(1);
  // The code is in the address: it goes from there, and from the browser's history.
  history.replaceState(null, '', `/security-key${kept?.hash ?? ''}`);
  return { query, ...kept };
}

/** With what the provider answered. Before anything else reads the address. */
export const back = comeBack();

/**
 * Leaves for the provider. What comes back is good in this tab alone: the secret stays here, and control is told its digest.
 * @param kept what the page goes on with, such as its session: in this tab's storage until then
 */
export async function goThere(ask, purpose, kept = {}) {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  const browser = base64url(new Uint8Array(digest));
  const { address } = await (purpose === 'sign-in'
    ? ask('POST', '/v1/sessions/single-sign-on/requests', { browser })
    : ask('POST', '/v1/me/single-sign-on/requests', { browser, for: purpose }));
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, secret, hash: location.hash }));
  location.assign(address);
}

/** The proof, of what was answered. @throws Error with control's sentence */
export async function proofOf(ask, { query, secret }) {
  if (secret === undefined) throw new Error('This tab sent nobody to the identity provider: begin again.');
  return ask('POST', '/v1/single-sign-on/answers', { query, secret });
}
