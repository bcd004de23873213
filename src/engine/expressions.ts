import { feelText, isFeel, type TextOrFeel } from './feel-text.ts';
import type { ElementModel, ProcessModel } from './model.ts';

/** A FEEL text and where it stands. `locals` are names that only exist there: targets of input mappings, the loop's element, a job's result. */
export interface ExpressionUse {
  readonly elementId: string;
  readonly use: 'condition' | 'input' | 'output' | 'loop' | 'assignment' | 'retries' | 'timer' | 'message' | 'called-process';
  /** Without the leading `=`. */
  readonly expression: string;
  readonly locals: readonly string[];
  /** The expression also sees what the completed task or message brought, which the process does not declare. */
  readonly seesResult?: true;
}

/** Every FEEL text of a process, flows before elements. */
export function expressionsOf(model: ProcessModel): readonly ExpressionUse[] {
  const ofFlows = model.flows.flatMap(({ id, condition }) => use(id, 'condition', condition, []));
  return [...ofFlows, ...[...model.elements.values()].flatMap(ofElement)];
}

function ofElement(element: ElementModel): readonly ExpressionUse[] {
  const { id, event, loop, assignment } = element;
  const loopLocals = loop ? ['loopCounter', ...(loop.inputElement === undefined ? [] : [loop.inputElement])] : [];
  const inputNames = element.inputs.map(({ target }) => target.split('.')[0] ?? '');
  const locals = [...loopLocals, ...inputNames];
  const resultName = element.decision?.resultVariable;
  const outputNames = element.outputs.map(({ target }) => target.split('.')[0] ?? '');
  const outputLocals = [...(resultName === undefined ? [] : [resultName]), ...outputNames];
  return [
    ...use(id, 'loop', loop?.inputCollection, []),
    ...use(id, 'loop', loop?.completionCondition, []),
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
