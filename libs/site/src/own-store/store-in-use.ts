import type { EventStoreKind } from '#event-store/event-store-kind';

/** Of a client, a pool or a transaction. */
export type Query = (text: string, values?: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;

/**
 * Which store this site's history is in, as `holdfast.event_store` says; null before the site is founded. It changes when a history was copied
 * whole, and in no other way: the store that it was copied from goes on holding an old copy, that nobody must take for the history.
 */
export async function storeInUse(query: Query): Promise<EventStoreKind | null> {
  const { rows } = await query('select kind from holdfast.event_store');
  const [row] = rows as readonly { readonly kind: EventStoreKind }[];
  return row?.kind ?? null;
}

/** As the owner. PostgreSQL takes no more events from servers while they are elsewhere. */
export async function useStore(query: Query, kind: EventStoreKind): Promise<void> {
  await query(
    `with used as (
       insert into holdfast.event_store (kind) values ($1)
       on conflict (one) do update set kind = excluded.kind, since = now() where event_store.kind <> excluded.kind
     )
     update events.head set closed = ($1 <> 'postgresql') where closed <> ($1 <> 'postgresql')`,
    [kind],
  );
}
