/** The hosts outside, as docs/reference/network.md has them: for the API, downloads, pictures and serials. */
export const HOSTS = {
  api: 'api.world.example',
  content: 'content.world.example',
  media: 'media.world.example',
  serials: 'serials.world.example',
} as const;
