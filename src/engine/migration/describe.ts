import type { Answers } from '../answers.ts';
import type { ElementModel } from '../model.ts';
import { scopeOf } from '../scoped-variables.ts';
import type { Wait } from '../types.ts';
import { describeWait } from '../waits.ts';
import type { KeptWait } from './types.ts';
import type { MovedWait } from './walk.ts';

/** A wait of the same kind goes on, unless it is a job of another type: that is other work, and whoever has the old job must not do the new one with it. */
export const goesOn = ({ source, target, was, is }: MovedWait): boolean =>
  was === is && source.job?.type === target.job?.type && isRepeated(source) === isRepeated(target);

/** A timer that fires again and again is no timer that fires once. */
const isRepeated = ({ event }: ElementModel): boolean => event?.timer?.type === 'timeCycle';

/** A timer in working time is planned by commands, who know the calendars; it keeps its due date. */
const followsCalendar = ({ properties }: ElementModel): boolean =>
  properties['calendar'] !== undefined || properties['period'] !== undefined;

/** Opens a wait at a slot, with the local variables that it begins with. @throws StepFailed when an expression of the element gives no sense */
export const openWait = (answers: Answers, element: ElementModel, slot: string, index: number | undefined, now: Date): Wait =>
  answers.openWait(scopeOf(slot), { slot, elementId: element.id, ...(index !== undefined && { index }) }, now);

/**
 * What changes in a wait that goes on. An expression is asked anew only where its text has changed; what the others gave when the wait began holds. `dueFrom`: when
 * a timer began whose due date is to be computed anew. @throws StepFailed
 */
export function keepWait(answers: Answers, wait: MovedWait, now: Date, dueFrom: Date | undefined): KeptWait {
  const { source, target, is: kind, to: slot } = wait;
  const describe = (at: Date): Wait =>
    describeWait(target, { slot, elementId: target.id }, undefined, answers.variables.visible(slot), answers.asking, at);
  const changed = (read: (element: ElementModel) => unknown): boolean =>
    JSON.stringify(read(source)) !== JSON.stringify(read(target));
  const groups = kind === 'user' && changed((element) => element.assignment?.candidateGroups);
  const told = (kind === 'message' || kind === 'signal') && changed(({ event }) => [event?.name, event?.correlationKey]);
  const anew = groups || told ? describe(now) : undefined;
  const due =
    kind === 'timer' && dueFrom && !followsCalendar(source) && !followsCalendar(target) ? describe(dueFrom).timer : undefined;
  return {
    slot: wait.from,
    kind,
    to: {
      slot,
      elementId: target.id,
      elementName: target.name ?? null,
      properties: target.properties,
      ...(groups && { candidateGroups: anew?.user?.candidateGroups ?? [] }),
      ...(kind === 'user' && changed(({ formId }) => formId) && { formId: target.formId ?? null }),
      ...(anew?.message && { message: anew.message }),
      ...(anew?.signal && { signal: anew.signal }),
      ...(due && { dueAt: due.dueAt, ...(due.interval !== undefined && { interval: due.interval }) }),
    },
  };
}
