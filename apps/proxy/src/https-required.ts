import { STORE_VERSION, STORE_VERSION_VALUE } from '#snap';
import type { PlainRefusal } from '#platform/tls/redirect-server';

/** In the store's form, for the errors of plain HTTP (protocol page 2, and 13). */
export function httpsRequired(message: string): PlainRefusal {
  return {
    headers: { 'content-type': 'application/json', [STORE_VERSION]: STORE_VERSION_VALUE },
    body: JSON.stringify({ 'error-list': [{ code: 'https-required', message }] }),
  };
}
