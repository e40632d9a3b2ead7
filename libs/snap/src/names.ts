/** Lower-case words joined by single dashes, a letter somewhere, 2 to 40 characters. Written so that no input makes it slow. */
export function isSnapName(text: string): boolean {
  return (
    text.length >= 2 && text.length <= 40 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text) && /[a-z]/.test(text)
  );
}

/** Protocol page §11. */
export function isSnapId(text: string): boolean {
  return /^[a-zA-Z0-9]{32}$/.test(text);
}

/** Protocol page §11. */
export function isAccountId(text: string): boolean {
  return /^(?:[a-z0-9A-Z]{32}|[-a-z0-9]{2,28})$/.test(text);
}

/** Debian's names of the architectures that snapd runs on (protocol page §2). */
export const ARCHITECTURES = ['amd64', 'arm64', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

export function isArchitecture(text: string): text is Architecture {
  return (ARCHITECTURES as readonly string[]).includes(text);
}
