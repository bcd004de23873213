import { z } from 'zod';
import { Revision } from './values.ts';

const Day = z.iso.date();

export const Holiday = z
  .strictObject({ date: Day, name: z.string().trim().min(1).max(200) })
  .meta({ id: 'Holiday', description: 'A day, UTC, on which the company does not work' });

export const CalendarChange = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    weekendDays: z
      .array(z.int().min(1).max(7))
      .max(6)
      .refine((days) => new Set(days).size === days.length, 'names a day twice')
      .meta({ description: 'Days of the week without work, 1 = Monday' }),
  })
  .meta({ id: 'CalendarChange' });

/** When time runs for deadlines: all day long on working days, UTC. */
export const Calendar = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    weekendDays: z.array(z.int()),
    holidays: z.array(z.looseObject({ date: z.string(), name: z.string() })),
    revision: Revision,
    movedDeadlines: z.int().exactOptional().meta({ description: 'How many open deadlines this change has moved' }),
  })
  .meta({ id: 'Calendar' });

export const CommercialPeriodChange = z
  .strictObject({ workingHours: z.int().min(1).max(87_600).meta({ description: '24 are one working day' }) })
  .meta({ id: 'CommercialPeriodChange' });

export const CommercialPeriod = z
  .looseObject({ name: z.string(), workingHours: z.int(), description: z.string(), revision: Revision })
  .meta({ id: 'CommercialPeriod' });
