import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** The store's registration: the `store` assertion that devices set as their `proxy.store`. */
export const REGISTRATION_STREAM = 'registration';

/** What the store assertion says of the site, and which text is served. */
export type Registration = {
  readonly storeId: string;
  /** The account of the operator, that the assertion names. */
  readonly operatorId: string;
  /** How devices are told to reach the store. */
  readonly url: string;
  /** Of the assertion. */
  readonly revision: number;
  /** Of all that is served: the store assertion and its chain. Hexadecimal. */
  readonly sha256: string;
};

export type StoreRegistered = DomainEvent<
  'StoreRegistered',
  { readonly old: Registration | null; readonly new: Registration }
>;
/** Devices that have it go on; no new one is told of it. */
export type RegistrationRemoved = DomainEvent<'RegistrationRemoved', { readonly old: Registration }>;

export interface RegisterStore {
  readonly type: 'RegisterStore';
  readonly context: CommandContext;
  readonly registration: Registration;
}

export interface RemoveRegistration {
  readonly type: 'RemoveRegistration';
  readonly context: CommandContext;
}

/** Each is recorded once, however often its file had to be written. */
export const registration: Decider<
  RegisterStore | RemoveRegistration,
  StoreRegistered | RegistrationRemoved,
  Registration | null
> & { readonly versions: { StoreRegistered: 1; RegistrationRemoved: 1 } } = {
  initialState: null,
  versions: { StoreRegistered: 1, RegistrationRemoved: 1 },
  decide(command, old) {
    switch (command.type) {
      case 'RegisterStore':
        return old?.sha256 === command.registration.sha256
          ? []
          : [{ type: 'StoreRegistered', data: { old, new: command.registration } }];
      case 'RemoveRegistration':
        return old === null ? [] : [{ type: 'RegistrationRemoved', data: { old } }];
    }
  },
  evolve(_old, event) {
    switch (event.type) {
      case 'StoreRegistered':
        return event.data.new;
      case 'RegistrationRemoved':
        return null;
    }
  },
};
