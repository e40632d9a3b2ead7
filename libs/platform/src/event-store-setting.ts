import { registerDecorator } from 'class-validator';
import { sentenceOf } from '#kernel';
import { parseEventStoreDbUrl } from '#event-store/eventstoredb-url';

/** For a property that holds `EVENTSTORE_URL`. */
export function IsEventStoreUrl(): PropertyDecorator {
  return (prototype, property) => {
    registerDecorator({
      name: 'isEventStoreUrl',
      target: prototype.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => problem(value) === undefined,
        defaultMessage: (refused) => problem(refused?.value) ?? '',
      },
    });
  };
}

function problem(value: unknown): string | undefined {
  try {
    parseEventStoreDbUrl(String(value));
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}
