/** How long a node's key is good where nobody says otherwise: two years. */
export const USUAL_KEY_DAYS = 730;
export const MOST_KEY_DAYS = 3_650;
