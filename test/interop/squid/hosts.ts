/** The hosts outside, as docs/reference/network.md has them: for the API, downloads, pictures and serials. */
export const HOSTS = {
  api: 'api.world.example',
  content: 'content.world.example',
  media: 'media.world.example',
  serials: 'serials.world.example',
} as const;

/** Of the site, by names that it alone knows. */
export const INSIDE = {
  bucket: 'bucket.site.example',
  incumbent: 'store.site.example',
  mail: 'mail.site.example',
  syslog: 'siem.site.example',
  /** A receiver of webhooks that is reached directly, and one by the forward proxy. */
  room: 'room.site.example',
  hooks: 'hooks.site.example',
  /** The identity provider, by the forward proxy; and where it has its keys and tokens, directly. */
  login: 'login.site.example',
  tokens: 'tokens.site.example',
} as const;
