import { dueTimer } from '../timers.ts';
import { waitKindOf } from '../waits.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, when } from './finding.ts';

/**
 * A message or signal may never come. Whoever waits for one must have another way out: a boundary event, an event-based gateway before it, or
 * the property `sla`, after which a person is told.
 */
export const lintWaits = eachElement((element, { elements }): readonly Finding[] => {
  const { id, properties, incoming, boundary, attachedTo } = element;
  const sla = properties['sla'];
  if (sla !== undefined && !isDuration(sla)) {
    return [
      finding(id, 'sla', `The property sla is ${JSON.stringify(sla)}; it must be an ISO 8601 duration, such as PT4H or P2D.`),
    ];
  }
  const kind = waitKindOf(element);
  if ((kind !== 'message' && kind !== 'signal') || attachedTo !== undefined) return [];
  const chosen = incoming.some(({ source }) => elements.get(source)?.type === 'bpmn:EventBasedGateway');
  return when(
    boundary.length === 0 && !chosen && sla === undefined,
    id,
    'endless-wait',
    `If the ${kind} never comes the instance waits for ever. Put an event-based gateway with a timer before it, a boundary event on it, or the property sla.`,
  );
});

function isDuration(text: string): boolean {
  try {
    dueTimer('timeDuration', text, new Date(0));
    return true;
  } catch {
    return false;
  }
}
