/**
 * Items of one change request: a whole ring's overrides, of 500 snaps for four architectures each. Control takes no more, says so in its API's
 * description, and its clients ask for no more.
 */
export const MOST_ITEMS = 2_000;
