import { getDate, ISOInterval, parseDuration } from '@0dep/piso';
import type { EventModel } from './model.ts';
import type { Wait } from './types.ts';

type Timer = NonNullable<EventModel['timer']>;
export type DueTimer = NonNullable<Wait['timer']>;

/**
 * When a timer is due that opens at `now`: ISO 8601 date, duration, or repetition (`R3/PT1H`; `R/PT1H` for ever). Everything is in UTC, so the
 * answer does not depend on the host. Throws RangeError with a sentence when `text` is none of these.
 */
export function dueTimer(type: Timer['type'], text: string, now: Date): DueTimer {
  try {
    if (type === 'timeDate') return { dueAt: getDate(text, true).toISOString() };
    if (type === 'timeDuration') return { dueAt: parseDuration(text).applyDuration(now, 1, true).toISOString() };
    return cycle(text, now);
  } catch (cause) {
    throw new RangeError(`${JSON.stringify(text)} is not an ISO 8601 ${expected[type]}`, { cause });
  }
}

const expected: Readonly<Record<Timer['type'], string>> = {
  timeDate: 'date and time, such as 2026-05-01T12:00:00Z',
  timeDuration: 'duration, such as PT30M or P14D',
  timeCycle: 'repetition, such as R3/PT1H',
};

function cycle(text: string, now: Date): DueTimer {
  const interval = new ISOInterval(text, true).parse();
  const { repeat = 1, duration } = interval;
  if (repeat === 0 || !duration) throw new RangeError('no repetition');
  const dueAt = interval.getExpireAt(now, now, true).toISOString();
  return { dueAt, repeat: repeat < 0 ? -1 : repeat - 1, interval: duration.toISOString() };
}
