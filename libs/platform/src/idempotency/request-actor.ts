const ACTORS = new WeakMap<object, string>();

/** Whoever lets a request in says who gives it: a person or a token, by id. */
export function rememberRequestActor(request: object, actor: string): void {
  ACTORS.set(request, actor);
}

/** Undefined on a route that takes requests of whoever comes, whose bodies prove what they have to. */
export function requestActor(request: object): string | undefined {
  return ACTORS.get(request);
}
