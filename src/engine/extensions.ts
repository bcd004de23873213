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
  /** Of a standard loop: it goes on while this is true. */
  readonly loopCondition?: TextOrFeel;
  /** Of a standard loop: the condition is looked at before the first run too. */
  readonly testBefore?: boolean;
  /** Of a standard loop: runs at most. */
  readonly maximum?: number;
}

export interface CallModel {
  readonly processId: TextOrFeel;
  readonly binding: 'deployment' | 'latest' | 'versionTag';
  readonly versionTag?: string;
  readonly allVariables: boolean;
  readonly allResults: boolean;
}

/** What the Camunda 8 (`zeebe:`) extension elements say about an element. */
export interface Extensions {
  readonly properties: Readonly<Record<string, string>>;
  readonly job?: { readonly type: string; readonly retries: TextOrFeel };
  readonly assignment?: { readonly candidateGroups?: TextOrFeel; readonly assignee?: TextOrFeel };
  readonly formId?: string;
  readonly decision?: { readonly id: string; readonly resultVariable?: string };
  readonly call?: CallModel;
  /** FEEL that a script task evaluates. */
  readonly script?: { readonly expression: TextOrFeel; readonly resultVariable: string };
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  readonly loop?: LoopModel;
  readonly correlationKey?: TextOrFeel;
  /** Of a process. */
  readonly versionTag?: string;
  /** Types of extension elements that change what an element does, and that Orderflow does not run. */
  readonly unsupported: readonly string[];
}

type Value = Readonly<Record<string, unknown>> & { readonly $type: string };

/** Extension elements that would be silently ignored although the analyst counts on them. */
const unsupported = new Set(['zeebe:ExecutionListeners', 'zeebe:TaskListeners', 'zeebe:AdHoc', 'zeebe:AgentDefinition']);

/** Reads the extension elements of one BPMN element; `job.retries` defaults to 3 as in Camunda 8. */
export function readExtensions(behaviour: Readonly<Record<string, unknown>>): Extensions {
  const { values = [] } = (behaviour['extensionElements'] ?? {}) as { values?: readonly Value[] };
  const find = (type: string) => values.find(({ $type }) => $type === `zeebe:${type}`);
  const task = find('TaskDefinition');
  const assignment = find('AssignmentDefinition');
  const decision = find('CalledDecision');
  const called = find('CalledElement');
  const script = find('Script');
  const io = find('IoMapping');
  const loop = find('LoopCharacteristics');
  return compact<Extensions>({
    properties: readProperties(find('Properties')),
    job: task && { type: text(task['type']) ?? '', retries: text(task['retries']) ?? '3' },
    assignment:
      assignment && compact({ candidateGroups: text(assignment['candidateGroups']), assignee: text(assignment['assignee']) }),
    formId: text(find('FormDefinition')?.['formId']),
    decision: decision && compact({ id: text(decision['decisionId']) ?? '', resultVariable: text(decision['resultVariable']) }),
    call: called && readCall(called),
    script: script && { expression: text(script['expression']) ?? '', resultVariable: text(script['resultVariable']) ?? '' },
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
    versionTag: text(find('VersionTag')?.['value']),
    unsupported: values.map(({ $type }) => $type).filter((type) => unsupported.has(type)),
  });
}

/** Bound to the version of the same deployment unless the diagram says otherwise; everything goes in and comes back, as in Camunda 8. */
const readCall = (called: Value): CallModel =>
  compact<CallModel>({
    processId: text(called['processId']) ?? text(called['processIdExpression']) ?? '',
    // moddle reads what is left out as 'latest'
    binding:
      bindings.find((binding) => Object.hasOwn(called, 'bindingType') && binding === called['bindingType']) ?? 'deployment',
    versionTag: text(called['versionTag']),
    allVariables: called['propagateAllParentVariables'] !== false,
    allResults: called['propagateAllChildVariables'] !== false,
  });

const bindings = ['deployment', 'latest', 'versionTag'] as const;

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
