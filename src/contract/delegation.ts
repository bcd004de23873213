import { z } from 'zod';
import { PersonId } from './person.ts';
import { Timestamp } from './values.ts';

export const NewDelegation = z
  .strictObject({
    principal: PersonId.exactOptional().meta({ description: 'Who is stood in for; left out: the caller' }),
    delegate: PersonId.meta({ description: 'Who may act for them, with the header On-Behalf-Of' }),
    validFrom: z.iso.datetime().exactOptional().meta({ description: 'Left out: now' }),
    validUntil: z.iso.datetime(),
  })
  .meta({ id: 'NewDelegation' });

/** The right of one person to act for another, for a time. */
export const Delegation = z
  .looseObject({
    id: z.string(),
    principal: z.string(),
    delegate: z.string(),
    validFrom: Timestamp,
    validUntil: Timestamp,
    isValid: z.boolean().meta({ description: 'At this moment' }),
    createdBy: z.string(),
    createdAt: Timestamp,
    revokedBy: z.string().nullable(),
    revokedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Delegation' });
