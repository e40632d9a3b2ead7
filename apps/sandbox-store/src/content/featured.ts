/** The one section of this store, or category to newer clients, and the names of the snaps in it. */
export const FEATURED: { readonly name: string; readonly snaps: readonly string[] } = {
  name: 'featured',
  snaps: ['lab-hello', 'lab-multi'],
};
