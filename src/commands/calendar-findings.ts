import type { Reader } from '../persistence/reader.ts';
import { nearestName } from '../rules/index.ts';
import type { FoundIn, LintedProcess } from './declarations.ts';

/** Timers whose property `calendar` names no calendar that there is: they could never be planned. */
export async function unknownCalendars(reader: Reader, processes: readonly LintedProcess[]): Promise<readonly FoundIn[]> {
  const named = processes.flatMap(({ resourceName: file, process }) =>
    [...process.elements.values()].flatMap(({ id: elementId, properties: { calendar } }) =>
      calendar === undefined ? [] : [{ file, elementId, calendar }],
    ),
  );
  if (named.length === 0) return [];
  const known = (await reader.query<{ id: string }>('select id from orderflow.calendar order by id')).map(({ id }) => id);
  return named
    .filter(({ calendar }) => !known.includes(calendar))
    .map(({ file, elementId, calendar }) => {
      const near = nearestName(calendar, known);
      const hint = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
      return {
        file,
        elementId,
        rule: 'timer',
        message: `There is no calendar ${calendar}. ${hint} A new one is made with POST /v1/calendars.`,
      };
    });
}
