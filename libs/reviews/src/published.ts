/** All that another context may import from here besides the modules. */
export { trailReviewedThrough } from './commands/trail-reviewed.js';
