import { isPeriod, periods } from '../persistence/deadlines.ts';
import { roles } from '../policies/roles.ts';
import { undeclaredNames } from '../rules/index.ts';
import type { ElementInfo } from '../engine/types.ts';
import type { LintRule } from '../contract/lint-rules.ts';
import { callFindings } from './call-findings.ts';
import type { Declarations, FoundIn, LintedProcess } from './declarations.ts';
import { isOrderMessage } from './own-messages.ts';
import { ordersProcesses } from './orders-processes.ts';

/** Collects findings about one diagram. */
type Find = (elementId: string, rule: LintRule, message: string) => void;

/** What only the files of a deployment together can show: references between diagrams, decisions, forms, jobs and variables. */
export function crossCheck(declared: Declarations): FoundIn[] {
  const findings: FoundIn[] = [];
  for (const each of declared.processes) {
    const find: Find = (elementId, rule, message) => void findings.push({ file: each.resourceName, elementId, rule, message });
    checkNames(each, declared, find);
    checkStarts(each, find);
    for (const element of each.process.elements.values()) checkReferences(element, declared, find);
  }
  return [...findings, ...callFindings(declared.processes)];
}

function checkNames({ process }: LintedProcess, { variables, jobs, forms }: Declarations, find: Find): void {
  const { processId, expressions, elements } = process;
  const schema = variables.get(processId);
  const wanted = new Set<string>();
  for (const { elementId, expression, locals, seesResult } of expressions) {
    const element = elements.get(elementId);
    const results = [...(jobs.get(element?.jobType ?? '') ?? []), ...(forms.get(element?.formId ?? '') ?? [])];
    for (const { name, nearest } of undeclaredNames(expression, schema ?? {}, [...locals, ...(seesResult ? results : [])])) {
      wanted.add(name);
      const hint = nearest ? ` Did you mean ${nearest}?` : '';
      if (schema)
        find(elementId, 'variables-declared', `The expression "${expression}" uses ${name}, which is not declared.${hint}`);
    }
  }
  if (schema) return;
  const names =
    wanted.size > 0 ? ` It has to declare ${[...wanted].sort().join(', ')}.` : ' It declares nothing: {"type": "object"}.';
  find(processId, 'variables-declared', `There is no ${processId}.variables.schema.json beside the diagram.${names}`);
}

/**
 * An order's process that a message, a signal or a timer starts would run without an order, and could have taken the key of one; another process that starts by a
 * message of orders would take it from them.
 */
function checkStarts({ process: { processId, starts } }: LintedProcess, find: Find): void {
  for (const { elementId, kind, name } of starts) {
    if (kind === 'none') continue;
    if (ordersProcesses.has(processId)) {
      const message = `${processId} is the process of an order and starts with it; ${elementId} would start it without one.`;
      find(elementId, 'start', `${message} Take the ${kind} away, or give the process another id.`);
    } else if (kind === 'message' && name !== undefined && isOrderMessage(name))
      find(
        elementId,
        'message',
        `${name} is for orders, and starting by it would take it from them. Use a message with another name.`,
      );
  }
}

function checkReferences(element: ElementInfo, { jobs, forms, decisions }: Declarations, find: Find): void {
  const { id, jobType, formId, decisionId = element.properties['decision'], candidateGroups = [] } = element;
  if (jobType !== undefined && !jobs.has(jobType))
    find(
      id,
      'job-type-known',
      `No ${jobType}.job.schema.json declares the job type ${jobType}. Correct the type, or write the declaration ("orderflow declare" drafts it).`,
    );
  if (formId !== undefined && !forms.has(formId)) find(id, 'form-found', `There is no form ${formId}.`);
  if (decisionId !== undefined && !decisions.some((each) => each.decisionId === decisionId))
    find(id, 'decision-found', `There is no decision ${decisionId}.`);
  const { period } = element.properties;
  if (period !== undefined && !isPeriod(period))
    find(id, 'period-known', `There is no commercial period ${period}; there are ${periods.join(', ')}.`);
  for (const group of candidateGroups)
    if (!(roles as readonly string[]).includes(group))
      find(id, 'role-known', `There is no role ${group}; there are ${roles.join(', ')}.`);
}
