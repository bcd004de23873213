import { z } from 'zod';
import { Id, Variables } from './values.ts';

export const NewSignal = z
  .strictObject({ name: z.string().min(1).max(255), variables: Variables.default({}) })
  .meta({ id: 'NewSignal' });

export const SignalResult = z
  .looseObject({
    id: Id,
    name: z.string(),
    waits: z.int().min(0).meta({ description: 'How many waits it reaches; each takes its step after this answer' }),
    starts: z.int().min(0).meta({ description: 'How many processes it starts' }),
  })
  .meta({ id: 'SignalResult' });
