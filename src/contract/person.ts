import { z } from 'zod';
import { Revision } from './values.ts';

/** Names of people go into tokens, headers and logs. */
export const PersonId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be lower case letters, digits, dots, dashes or underscores')
  .meta({ description: 'Name of a person, such as sales-2' });

export const PersonChange = z
  .strictObject({ roles: z.array(z.string().min(1).max(64)).max(50) })
  .meta({ id: 'PersonChange', description: 'The roles that the person has from now on, and no others.' });

/** Somebody who works with the service. */
export const Person = z.looseObject({ id: z.string(), roles: z.array(z.string()), revision: Revision }).meta({ id: 'Person' });
