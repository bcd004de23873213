import { readdir, readFile } from 'node:fs/promises';
import { parseElements, processesFolder, type Element, type Extension } from './diagram.ts';

/** Where Camunda Modeler looks for the templates of the diagrams in `processes/`. */
export const templatesFile = new URL('.camunda/element-templates/orderflow.json', processesFolder);

interface JobFile {
  readonly type: string;
  readonly description: string;
  readonly errors: readonly { readonly code: string }[];
}

/** A task of a diagram that has a job type. */
interface Use {
  readonly jobType: string;
  readonly elementType: string;
  readonly properties: Readonly<Record<string, string>>;
}

const overrideKinds = ['ADMIN', 'CREDIT', 'PRICE', 'STOCK'];

const extension = (element: Element, type: string): Extension | undefined =>
  element.extensionElements?.values.find(({ $type }) => $type === `zeebe:${type}`);

function usesOf(elements: readonly Element[]): Use[] {
  return elements.flatMap((element) => {
    const jobType = extension(element, 'TaskDefinition')?.['type'];
    if (typeof jobType !== 'string') return [];
    const pairs = (extension(element, 'Properties')?.['properties'] ?? []) as readonly { name: string; value: string }[];
    const properties = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
    return [{ jobType, elementType: element.$type, properties }];
  });
}

const property = (name: string, label: string, value: string | undefined, more: object = {}): object => ({
  label,
  type: 'String',
  ...(value === undefined ? { optional: true } : { value }),
  ...more,
  binding: { type: 'zeebe:property', name },
});

/** What a person chooses in the modeler instead of typing the job type: one template. */
function template({ type, description, errors }: JobFile, uses: readonly Use[]): object {
  const decision = uses.flatMap(({ properties }) => properties['decision'] ?? [])[0];
  const always = uses.every(({ properties }) => properties['decision'] !== undefined);
  const asksOverride = uses.some(({ properties }) => properties['overrideKind'] !== undefined);
  const kinds = { type: 'Dropdown', choices: overrideKinds.map((kind) => ({ name: kind, value: kind })) };
  const raised = errors.length === 0 ? '' : ` Errors: ${errors.map(({ code }) => code).join(', ')}.`;
  return {
    $schema: 'https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json',
    name: type,
    id: `orderflow.${type}`,
    version: 1,
    description: description + raised,
    appliesTo: ['bpmn:Task'],
    elementType: { value: uses[0]?.elementType ?? 'bpmn:ServiceTask' },
    properties: [
      { type: 'Hidden', value: type, binding: { type: 'zeebe:taskDefinition', property: 'type' } },
      { label: 'Attempts', type: 'String', value: '3', binding: { type: 'zeebe:taskDefinition', property: 'retries' } },
      property('workflowState', 'Workflow state: the order is in it from here on', undefined),
      ...(asksOverride ? [property('overrideKind', 'Kind of override', overrideKinds[0], kinds)] : []),
      ...(decision === undefined ? [] : [property('decision', 'Decision that the job evaluates', always ? decision : undefined)]),
    ],
  };
}

/** A template for each job type, made from the job's declaration and from how the diagrams use it. */
export async function elementTemplates(): Promise<object[]> {
  const read = (path: string) => readFile(new URL(path, processesFolder), 'utf8');
  const diagrams = (await readdir(processesFolder)).filter((name) => name.endsWith('.bpmn'));
  const parsed = await Promise.all(diagrams.map(async (name) => parseElements(await read(name))));
  const uses = parsed.flatMap(({ elements }) => usesOf(elements));
  const files = (await readdir(new URL('jobs/', processesFolder))).sort();
  const jobs = await Promise.all(files.map(async (name) => JSON.parse(await read(`jobs/${name}`)) as JobFile));
  return jobs.map((job) =>
    template(
      job,
      uses.filter(({ jobType }) => jobType === job.type),
    ),
  );
}
