import { feelText, isFeel, type TextOrFeel } from './feel-text.ts';
import type { ElementModel, ProcessModel } from './model.ts';

/** A FEEL text and where it stands. `locals` are names that only exist there: targets of input mappings, the loop's element, a job's result. */
export interface ExpressionUse {
  readonly elementId: string;
  readonly use:
    'condition' | 'script' | 'input' | 'output' | 'loop' | 'assignment' | 'retries' | 'timer' | 'message' | 'called-process';
  /** Without the leading `=`. */
  readonly expression: string;
  readonly locals: readonly string[];
  /** The expression also sees what the completed task or message brought, which the process does not declare. */
  readonly seesResult?: true;
}

/** What the completion condition of a loop may count, as in Camunda 8. */
export const loopCounts = [
  'numberOfInstances',
  'numberOfActiveInstances',
  'numberOfCompletedInstances',
  'numberOfTerminatedInstances',
];

/** Every FEEL text of a process, flows before elements. */
export function expressionsOf(model: ProcessModel): readonly ExpressionUse[] {
  const ofFlows = model.flows.flatMap(({ id, condition }) => use(id, 'condition', condition, []));
  const all = [...ofFlows, ...[...model.elements.values()].flatMap(ofElement)];
  const scopeOf = new Map([
    ...model.flows.map(({ id, source }) => [id, model.elements.get(source)?.scope] as const),
    ...[...model.elements.values()].map(({ id, scope }) => [id, scope] as const),
  ]);
  return all.map((each) => ({ ...each, locals: [...localsAround(model, scopeOf.get(each.elementId)), ...each.locals] }));
}

/** Names that only the sub-processes around an element know. */
function localsAround({ elements }: ProcessModel, scope: string | undefined): readonly string[] {
  const names: string[] = [];
  for (let at = elements.get(scope ?? ''); at; at = elements.get(at.scope)) names.push(...ownLocals(at), ...collected(at));
  return names;
}

const collected = ({ loop }: ElementModel): readonly string[] =>
  loop?.outputCollection === undefined ? [] : [loop.outputCollection];

/** Local variables that an element begins with. */
function ownLocals({ loop, inputs }: ElementModel): readonly string[] {
  const ofLoop = loop ? ['loopCounter', ...(loop.inputElement === undefined ? [] : [loop.inputElement])] : [];
  return [...ofLoop, ...inputs.map(({ target }) => target.split('.')[0] ?? '')];
}

function ofElement(element: ElementModel): readonly ExpressionUse[] {
  const { id, event, loop, assignment } = element;
  const locals = ownLocals(element);
  const loopLocals = locals.slice(0, locals.length - element.inputs.length);
  const inputNames = locals.slice(loopLocals.length);
  const resultName = element.decision?.resultVariable ?? element.script?.resultVariable;
  const outputNames = element.outputs.map(({ target }) => target.split('.')[0] ?? '');
  const outputLocals = [...locals, ...(resultName === undefined ? [] : [resultName]), ...outputNames];
  return [
    ...use(id, 'loop', loop?.inputCollection, []),
    ...use(id, 'loop', loop?.completionCondition, [...locals, ...collected(element), ...loopCounts]),
    ...use(id, 'loop', loop?.loopCondition, []),
    ...use(id, 'script', element.script?.expression, locals),
    ...element.inputs.flatMap(({ source }, index) => use(id, 'input', source, [...loopLocals, ...inputNames.slice(0, index)])),
    ...use(id, 'assignment', assignment?.candidateGroups, locals),
    ...use(id, 'assignment', assignment?.assignee, locals),
    ...use(id, 'retries', element.job?.retries, locals),
    ...use(id, 'called-process', element.call?.processId, locals),
    ...use(id, 'timer', event?.timer?.value, locals),
    ...use(id, 'condition', event?.condition, locals),
    ...use(id, 'message', event?.name, locals),
    ...use(id, 'message', event?.correlationKey, locals),
    ...[...element.outputs.map(({ source }) => source), loop?.outputElement ?? ''].flatMap((source) =>
      use(id, 'output', source, outputLocals).map((found) => ({ ...found, seesResult: true as const })),
    ),
  ];
}

function use(
  elementId: string,
  kind: ExpressionUse['use'],
  text: TextOrFeel | undefined,
  locals: readonly string[],
): readonly ExpressionUse[] {
  return text !== undefined && isFeel(text) ? [{ elementId, use: kind, expression: feelText(text), locals }] : [];
}
