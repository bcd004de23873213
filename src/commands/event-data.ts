import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** A name in the data of a provider's event. @throws Problem malformed-request */
export function text(data: JsonObject, name: string): string {
  const value = optionalText(data, name);
  if (value !== undefined) return value;
  throw new Problem('malformed-request', `The event has no data.${name} of 1 to 255 characters.`);
}

export function optionalText(data: JsonObject, name: string): string | undefined {
  const value = data[name];
  return typeof value === 'string' && value !== '' && value.length <= 255 ? value : undefined;
}

/** An amount in the data of a provider's event. @throws Problem malformed-request */
export function amount(data: JsonObject, name: string): number {
  const value = data[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new Problem('malformed-request', `The event's data.${name} is not a whole number of minor units above 0.`);
}
