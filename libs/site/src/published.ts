export { site, SITE_STREAM, type SiteIdentity } from './domain/site.js';
