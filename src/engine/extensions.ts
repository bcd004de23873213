import { compact } from './compact.ts';
import type { TextOrFeel } from './feel-text.ts';

export interface Mapping {
  readonly source: TextOrFeel;
  readonly target: string;
}

export interface LoopModel {
  readonly inputCollection?: TextOrFeel;
  readonly inputElement?: string;
  readonly outputCollection?: string;
  readonly outputElement?: TextOrFeel;
  readonly completionCondition?: TextOrFeel;
}

/** What the Camunda 8 (`zeebe:`) extension elements say about an element. */
export interface Extensions {
  readonly properties: Readonly<Record<string, string>>;
  readonly job?: { readonly type: string; readonly retries: TextOrFeel };
  readonly assignment?: { readonly candidateGroups?: TextOrFeel; readonly assignee?: TextOrFeel };
  readonly formId?: string;
  readonly decision?: { readonly id: string; readonly resultVariable?: string };
  readonly call?: { readonly processId: TextOrFeel };
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  readonly loop?: LoopModel;
  readonly correlationKey?: TextOrFeel;
  /** Types of extension elements that change what an element does, and that Orderflow does not run. */
  readonly unsupported: readonly string[];
}

type Value = Readonly<Record<string, unknown>> & { readonly $type: string };

/** Extension elements that would be silently ignored although the analyst counts on them. */
const unsupported = new Set([
  'zeebe:Script',
  'zeebe:ExecutionListeners',
  'zeebe:TaskListeners',
  'zeebe:AdHoc',
  'zeebe:AgentDefinition',
]);

/** Reads the extension elements of one BPMN element; `job.retries` defaults to 3 as in Camunda 8. */
export function readExtensions(behaviour: Readonly<Record<string, unknown>>): Extensions {
  const { values = [] } = (behaviour['extensionElements'] ?? {}) as { values?: readonly Value[] };
  const find = (type: string) => values.find(({ $type }) => $type === `zeebe:${type}`);
  const task = find('TaskDefinition');
  const assignment = find('AssignmentDefinition');
  const decision = find('CalledDecision');
  const called = find('CalledElement');
  const io = find('IoMapping');
  const loop = find('LoopCharacteristics');
  return compact<Extensions>({
    properties: readProperties(find('Properties')),
    job: task && { type: text(task['type']) ?? '', retries: text(task['retries']) ?? '3' },
    assignment:
      assignment && compact({ candidateGroups: text(assignment['candidateGroups']), assignee: text(assignment['assignee']) }),
    formId: text(find('FormDefinition')?.['formId']),
    decision: decision && compact({ id: text(decision['decisionId']) ?? '', resultVariable: text(decision['resultVariable']) }),
    call: called && { processId: text(called['processId']) ?? text(called['processIdExpression']) ?? '' },
    inputs: readMappings(io?.['inputParameters']),
    outputs: readMappings(io?.['outputParameters']),
    loop:
      loop &&
      compact<LoopModel>({
        inputCollection: text(loop['inputCollection']),
        inputElement: text(loop['inputElement']),
        outputCollection: text(loop['outputCollection']),
        outputElement: text(loop['outputElement']),
      }),
    correlationKey: text(find('Subscription')?.['correlationKey']),
    unsupported: values.map(({ $type }) => $type).filter((type) => unsupported.has(type)),
  });
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function readProperties(properties: Value | undefined): Readonly<Record<string, string>> {
  const pairs = (properties?.['properties'] ?? []) as readonly { name?: string; value?: string }[];
  return Object.fromEntries(pairs.map(({ name = '', value = '' }) => [name, value]));
}

function readMappings(parameters: unknown): readonly Mapping[] {
  const list = (parameters ?? []) as readonly { source?: string; target?: string }[];
  return list.map(({ source = '', target = '' }) => ({ source: source.trim(), target: target.trim() }));
}
