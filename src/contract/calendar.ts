import { z } from 'zod';
import { Revision } from './values.ts';

const Day = z.iso.date();

export const Holiday = z
  .strictObject({ date: Day, name: z.string().trim().min(1).max(200) })
  .meta({ id: 'Holiday', description: 'A day, in the time zone of the calendar, on which nobody works' });

const settings = {
  name: z.string().trim().min(1).max(200),
  weekendDays: z
    .array(z.int().min(1).max(7))
    .max(6)
    .refine((days) => new Set(days).size === days.length, 'names a day twice')
    .meta({ description: 'Days of the week without work, 1 = Monday' }),
  timeZone: z.string().min(1).max(64).exactOptional().meta({
    description: 'Where its days begin at midnight: an IANA name such as Europe/Berlin. UTC for a new calendar that does not say',
  }),
};

export const CalendarChange = z.strictObject(settings).meta({ id: 'CalendarChange' });

export const NewCalendar = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'has lower case letters, digits and hyphens')
      .meta({ description: 'What the property `calendar` of a timer names' }),
    ...settings,
  })
  .meta({ id: 'NewCalendar' });

/** When time runs for deadlines and timers: all day long on working days. */
export const Calendar = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    weekendDays: z.array(z.int()),
    timeZone: z.string(),
    holidays: z.array(z.looseObject({ date: z.string(), name: z.string() })),
    revision: Revision,
    movedDeadlines: z.int().exactOptional().meta({ description: 'How many open deadlines this change has moved' }),
    movedTimers: z.int().exactOptional().meta({ description: 'How many open timers with the property `calendar` it has moved' }),
  })
  .meta({ id: 'Calendar' });

export const CommercialPeriodChange = z
  .strictObject({ workingHours: z.int().min(1).max(87_600).meta({ description: '24 are one working day' }) })
  .meta({ id: 'CommercialPeriodChange' });

export const CommercialPeriod = z
  .looseObject({ name: z.string(), workingHours: z.int(), description: z.string(), revision: Revision })
  .meta({ id: 'CommercialPeriod' });
