import { elementsBetween, elementsFrom, joinsAhead, type ElementInfo } from '../../engine/index.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import type { Definition } from '../definitions.ts';
import type { LockedInstance } from '../instance.ts';
import type { OpenWait } from './lock-for-repair.ts';

/** What a repair leaves wrong outside of the process, for whoever does it to put right. */
export type Warning = {
  readonly code: 'effects-skipped' | 'effects-repeated' | 'states-skipped' | 'join-starved' | 'override-left-open';
  readonly message: string;
  readonly elementIds: readonly string[];
  readonly jobTypes?: readonly string[];
};

interface Move {
  readonly instance: LockedInstance;
  readonly definition: Definition;
  /** Whose token is taken away. */
  readonly from: OpenWait | null;
  /** Before which element a token is put. */
  readonly to: string | null;
}

/**
 * What a move of a token means for stock, money and everybody else who only hears of jobs that are done. Diagrams have ways back, so that the drawing alone does not say
 * which direction is forward: an element that the instance has entered before lies behind it.
 */
export async function warningsOfMove(tx: Transaction, { instance, definition, from, to }: Move): Promise<Warning[]> {
  const { process } = definition;
  const isBack = to !== null && (await hasEntered(tx, instance.id, to));
  const passed = from ? passedOver(definition, from, isBack ? null : to) : [];
  const again = isBack ? (from ? elementsBetween(process, to, from.elementId) : elementsFrom(process, to)) : [];
  const done = again.length > 0 ? await doneBefore(tx, instance.id) : new Set();
  return [
    ...aboutJobs(
      'effects-skipped',
      passed.filter((element) => element.jobType !== undefined && element.id !== to),
      instance,
    ),
    ...aboutJobs(
      'effects-repeated',
      again.filter((element) => element.jobType !== undefined && done.has(element.id)),
      instance,
    ),
    ...aboutStates(passed, instance),
    ...(from && to === null ? aboutJoins(joinsAhead(process, from.elementId)) : []),
    ...aboutOverride(from),
  ];
}

/** The elements that a token leaves out on its way forward; on its way back, or nowhere, only the one where it stood. */
function passedOver({ process }: Definition, from: OpenWait, to: string | null): readonly ElementInfo[] {
  const own = process.elements.get(from.elementId);
  const between = to === null ? [] : elementsBetween(process, from.elementId, to);
  return between.length > 0 ? between : own ? [own] : [];
}

const hasEntered = async (tx: Transaction, instanceId: string, elementId: string): Promise<boolean> =>
  (
    await tx.query(
      `select 1 from orderflow.step where instance_id = $1 and trail @> jsonb_build_array(jsonb_build_object('event', 'enter', 'elementId', $2::text)) limit 1`,
      [instanceId, elementId],
    )
  ).length > 0;

async function doneBefore(tx: Transaction, instanceId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ elementId: string }>(
    `select distinct element_id as "elementId" from orderflow.wait where instance_id = $1 and kind = 'job' and status = 'completed'`,
    [instanceId],
  );
  return new Set(rows.map((row) => row.elementId));
}

function aboutJobs(
  code: 'effects-skipped' | 'effects-repeated',
  elements: readonly ElementInfo[],
  { businessKey }: LockedInstance,
): Warning[] {
  if (elements.length === 0) return [];
  const jobTypes = [...new Set(elements.flatMap(({ jobType }) => jobType ?? []))];
  const listed = elements.map(({ id, jobType }) => `${jobType} (${id})`).join(', ');
  const message =
    code === 'effects-skipped'
      ? `The ways that are left out lead over jobs, and what they do is not done for ${businessKey}: ${listed}. See to it by other means, or move the token to before them.`
      : `These jobs were done for ${businessKey} before and will be done again, under a new key, should the token come to them: ${listed}.`;
  return [{ code, message, elementIds: elements.map(({ id }) => id), jobTypes }];
}

function aboutStates(elements: readonly ElementInfo[], { subject, businessKey }: LockedInstance): Warning[] {
  const states = elements
    .slice(1)
    .flatMap(({ id, properties: { workflowState } }) => (workflowState === undefined ? [] : [{ id, workflowState }]));
  if (!subject || states.length === 0) return [];
  const names = [...new Set(states.map((state) => state.workflowState))].join(', ');
  const message = `${businessKey} will not have been in the state${states.length === 1 ? '' : 's'} ${names}; its log goes from where it is to the state that the token comes to.`;
  return [{ code: 'states-skipped', message, elementIds: states.map(({ id }) => id) }];
}

function aboutJoins(joins: readonly ElementInfo[]): Warning[] {
  if (joins.length === 0) return [];
  const message = `Tokens that come to ${joins.map(({ id }) => id).join(', ')} may wait there for the one that is taken away; put one before what follows when they do.`;
  return [{ code: 'join-starved', message, elementIds: joins.map(({ id }) => id) }];
}

function aboutOverride(from: OpenWait | null): Warning[] {
  if (!from || from.overrideRequestId === null) return [];
  const message = `The override request ${from.overrideRequestId} that ${from.elementId} was for stays as it is; withdraw or decide it.`;
  return [{ code: 'override-left-open', message, elementIds: [from.elementId] }];
}
