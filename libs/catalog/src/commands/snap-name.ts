/** As change requests take it: what is no snap's name at all is told to whoever wrote it. */
export const SNAP_NAME = /^[a-z0-9-]{1,40}$/;
export const SNAP_NAME_RULE = 'must be the name of a snap: small letters, digits and "-"';
