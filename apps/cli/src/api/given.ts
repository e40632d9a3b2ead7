/** Options as a command line leaves them: each may be there or not. */
export type Given<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** Those that are there. */
export function given<Options extends object>(options: Given<Options>): Partial<Options> {
  const present = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Partial<Options>;
}
