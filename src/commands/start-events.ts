import { dueTimer, type StartTrigger } from '../engine/index.ts';
import { replaceStartEvents, type NewStartEvent } from '../persistence/start-events.ts';
import { wake } from '../persistence/messages.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { messageOf } from '../support/errors.ts';
import type { FoundIn } from './declarations.ts';
import { timerOptions } from './period-timers.ts';

/** A process of a deployment with what starts it. */
export interface StartedProcess {
  readonly resourceName: string;
  readonly process: { readonly processId: string; readonly starts: readonly StartTrigger[] };
}

/**
 * Puts what starts the processes of a deployment in the place of what started their versions before. Answers what cannot be, such as a cron expression that never
 * matches; then nothing may be committed.
 */
export async function openStartEvents(
  tx: Transaction,
  processes: readonly StartedProcess[],
  versions: readonly { readonly id: string; readonly processId: string }[],
): Promise<readonly FoundIn[]> {
  const now = await tx.now();
  const findings: FoundIn[] = [];
  for (const { resourceName: file, process } of processes) {
    const { processId, starts } = process;
    const events: NewStartEvent[] = [];
    findings.push(...ambiguous(file, starts));
    for (const start of starts) {
      if (start.kind === 'none') continue;
      try {
        events.push(planStart(start, now));
      } catch (error) {
        findings.push({
          file,
          elementId: start.elementId,
          rule: 'timer',
          message: `The timer is not valid: ${messageOf(error)}.`,
        });
      }
    }
    const definitionId = versions.find((version) => version.processId === processId)?.id ?? '';
    if (findings.length === 0) await replaceStartEvents(tx, { processId, definitionId }, events);
  }
  await wake(tx, 'timers');
  return findings;
}

/** Two start events of one process with one name: nobody could say which of them begins. */
function ambiguous(file: string, starts: readonly StartTrigger[]): readonly FoundIn[] {
  return starts.flatMap(({ elementId, kind, name }, index) => {
    const first = starts.findIndex((other) => other.name !== undefined && other.kind === kind && other.name === name);
    if (name === undefined || first === index) return [];
    const message = `${starts[first]?.elementId} starts by the ${kind} ${name} already. Leave one of them, and split behind it.`;
    return [{ file, elementId, rule: 'start' as const, message }];
  });
}

function planStart({ elementId, kind, name, timer, properties }: StartTrigger, now: Date): NewStartEvent {
  const event = {
    elementId,
    kind: kind as NewStartEvent['kind'],
    name: name ?? null,
    timerType: timer?.type ?? null,
    timerText: timer?.value ?? null,
    properties,
    dueAt: null,
    repeatLeft: null,
    repeatInterval: null,
  };
  if (!timer) return event;
  const { dueAt, repeat, interval } = dueTimer(timer.type, timer.value, now, timerOptions(properties));
  return { ...event, dueAt, repeatLeft: repeat ?? null, repeatInterval: interval ?? null };
}
