import { parseDuration } from '../../support/iso-time.ts';
import { isTimeZone } from '../../support/time-zone.ts';
import { isFeel } from '../feel-text.ts';
import type { ElementModel, EventModel } from '../model.ts';
import { catchUps } from '../timers.ts';
import type { Finding } from '../types.ts';
import { when } from './finding.ts';

/** The properties that say how a timer is to be read: `timeZone`, `catchUp`, `calendar`. One that has no effect is refused: the analyst counts on it. */
export function lintTimerProperties(
  { id, properties }: ElementModel,
  { type, value }: NonNullable<EventModel['timer']>,
): readonly Finding[] {
  const { timeZone, catchUp, calendar } = properties;
  return [
    ...when(
      timeZone !== undefined && !isTimeZone(timeZone),
      id,
      'timer',
      `There is no time zone ${timeZone}. Write an IANA name, such as Europe/Berlin.`,
    ),
    ...when(
      catchUp !== undefined && !(catchUps as readonly string[]).includes(catchUp),
      id,
      'timer',
      `The property catchUp is one of ${catchUps.join(', ')}; it is ${catchUp}.`,
    ),
    ...when(
      catchUp !== undefined && type !== 'timeCycle',
      id,
      'timer',
      'The property catchUp is about firings that were missed, but this timer fires once. Remove the property, or make it a cycle.',
    ),
    ...when(
      calendar !== undefined && type !== 'timeDuration',
      id,
      'timer',
      'The property calendar measures a duration in working time, but this timer has none. Remove the property, or make it a duration.',
    ),
    ...when(
      calendar !== undefined && type === 'timeDuration' && !isFeel(value) && hasMonths(value),
      id,
      'timer',
      `${value} has years or months, which have no length in working time. Use days or hours.`,
    ),
    ...when(
      calendar !== undefined && properties['period'] !== undefined,
      id,
      'timer',
      'The properties calendar and period both say how long it takes. Leave one of them.',
    ),
  ];
}

function hasMonths(text: string): boolean {
  try {
    return parseDuration(text).months > 0;
  } catch {
    return false; // what is no duration is told of anyway
  }
}
