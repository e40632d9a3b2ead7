/** PostgreSQL's `lock_timeout`. A lock that readers hold is waited for no longer, since new readers wait behind us; then they go first, and we try again. */
export const LOCK_WITHIN = '1s';
