import type { StreamWriter } from '#platform/decide-and-append';
import type { Home } from './home.js';

/** TODO(identity): wire enrolFirstAdmin of '#identity/commissioning'. */
export async function inviteFirstAdmin(
  _home: Home,
  _writer: StreamWriter,
  _ownerUrl: string,
): Promise<void> {}
