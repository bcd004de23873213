import type { Database } from '../persistence/database.ts';
import { readActor } from '../queries/person.ts';
import type { Authenticate } from './options.ts';

/** Finds out at every request who asks and what they may do: a role or a delegation that was taken away is gone at once. @throws Problem forbidden */
export const authenticateBy =
  (database: Database, personOf: (bearerToken: string) => string | undefined): Authenticate =>
  (token, onBehalfOf) => {
    const id = personOf(token);
    return id === undefined ? undefined : database.read((reader) => readActor(reader, id, onBehalfOf));
  };
