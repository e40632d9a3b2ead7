export const ATTACHMENT_LIMIT = Symbol('bytes of an attachment');

export const USUAL_ATTACHMENT_MIB = 20;
/** The bytes stand in the database: what is larger belongs elsewhere, with its digest in the request. */
export const MOST_ATTACHMENT_MIB = 200;
