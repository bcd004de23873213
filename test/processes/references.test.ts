import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { diagramText, parseElements, processesFolder, type Element, type Extension } from './diagram.ts';

const processIds = ['quotation', 'sale', 'fulfilment', 'return'];

/** Extensions of an element that have the given type, e.g. `TaskDefinition`. */
const extensions = (element: Element, type: string): readonly Extension[] =>
  element.extensionElements?.values.filter(({ $type }) => $type === `zeebe:${type}`) ?? [];

/** Values of one attribute of one kind of extension, over many elements. */
const attributes = (elements: readonly Element[], type: string, attribute: string): string[] =>
  elements.flatMap((element) => extensions(element, type).map((extension) => String(extension[attribute])));

/** `zeebe:properties` of an element by name. */
const properties = (element: Element): Record<string, string> =>
  Object.fromEntries(
    extensions(element, 'Properties')
      .flatMap(({ properties }) => properties as { name: string; value: string }[])
      .map(({ name, value }) => [name, value]),
  );

const namesIn = async (folder: string, suffix: string): Promise<string[]> =>
  (await readdir(new URL(folder, processesFolder)))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

interface JobFile {
  readonly type: string;
  readonly description: string;
  readonly errors: readonly { readonly code: string; readonly description: string }[];
}

const readJob = async (type: string): Promise<JobFile> =>
  JSON.parse(await readFile(new URL(`jobs/${type}.job.schema.json`, processesFolder), 'utf8')) as JobFile;

describe('processes: what the diagrams refer to', () => {
  let elements: Element[];
  before(async () => {
    const parsed = await Promise.all(processIds.map(async (processId) => parseElements(await diagramText(processId))));
    elements = parsed.flatMap((diagram) => diagram.elements);
  });

  it('every job type is declared in jobs/, under its own name, and every declared one is used', async () => {
    const declared = await namesIn('jobs/', '.job.schema.json');
    expect(sorted(declared)).to.deep.equal(sorted(attributes(elements, 'TaskDefinition', 'type')));
    for (const name of declared) {
      const { type, description } = await readJob(name);
      expect(type).to.equal(name);
      expect(description, name).to.not.equal('');
    }
  });

  it('every service and send task has a job type and three attempts', () => {
    const tasks = elements.filter(({ $type }) => ['bpmn:ServiceTask', 'bpmn:SendTask'].includes($type));
    expect(tasks.filter((task) => extensions(task, 'TaskDefinition').length !== 1).map(({ id }) => id)).to.deep.equal([]);
    expect(sorted(attributes(elements, 'TaskDefinition', 'retries'))).to.deep.equal(['3']);
  });

  it('every caught error is one that the job declares, and the other way round', async () => {
    const caught = elements.flatMap((event) => {
      const [definition] =
        (event as { eventDefinitions?: readonly { errorRef?: { errorCode: string } }[] }).eventDefinitions ?? [];
      const { attachedToRef: host } = event;
      return host && definition?.errorRef
        ? attributes([host], 'TaskDefinition', 'type').map((type) => `${type} ${definition.errorRef?.errorCode}`)
        : [];
    });
    const jobs = await Promise.all((await namesIn('jobs/', '.job.schema.json')).map(readJob));
    expect(sorted(caught)).to.deep.equal(sorted(jobs.flatMap(({ type, errors }) => errors.map(({ code }) => `${type} ${code}`))));
  });

  it('every decision is a table in this folder, and every table is used', async () => {
    const called = attributes(elements, 'CalledDecision', 'decisionId');
    const evaluatedByJobs = elements.flatMap((element) => properties(element)['decision'] ?? []);
    expect(sorted(await namesIn('.', '.dmn'))).to.deep.equal(sorted([...called, ...evaluatedByJobs]));
  });

  it('every user task has a form in forms/ and a group that works on it, and every form is used', async () => {
    const tasks = elements.filter(({ $type }) => $type === 'bpmn:UserTask');
    for (const task of tasks) {
      expect(extensions(task, 'FormDefinition'), task.id).to.have.lengthOf(1);
      expect(attributes([task], 'AssignmentDefinition', 'candidateGroups').join(), task.id).to.not.equal('');
    }
    expect(sorted(await namesIn('forms/', '.schema.json'))).to.deep.equal(sorted(attributes(tasks, 'FormDefinition', 'formId')));
  });

  it('every choice has a default, and a condition on every other flow', () => {
    const faults = elements
      .filter(({ $type }) => $type === 'bpmn:ExclusiveGateway')
      .flatMap((element) => {
        const gateway = element as Element & {
          default?: Element;
          outgoing: readonly (Element & { conditionExpression?: Element })[];
        };
        const open = gateway.outgoing.filter(
          (flow) => flow !== gateway.default && !flow.conditionExpression?.body?.startsWith('='),
        );
        return gateway.default ? open.map(({ id }) => id) : [gateway.id];
      });
    expect(faults).to.deep.equal([]);
  });

  it('every wait for a message has a way out when the message never comes', () => {
    const guarded = new Set(elements.flatMap(({ attachedToRef }) => attachedToRef?.id ?? []));
    const waits = elements.filter(({ $type }) => $type === 'bpmn:ReceiveTask');
    expect(
      waits.filter((wait) => !guarded.has(wait.id) && properties(wait)['sla'] === undefined).map(({ id }) => id),
    ).to.deep.equal([]);
  });

  it('ids are unique over all diagrams, so that a log line names one element', () => {
    const ids = elements.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).to.deep.equal([]);
  });

  it('README.md names every state, job, decision, message and property', async () => {
    const readme = await readFile(new URL('README.md', processesFolder), 'utf8');
    const all = elements.map(properties);
    const messages = elements.flatMap((element) => {
      const { messageRef, eventDefinitions = [] } = element as {
        messageRef?: Element;
        eventDefinitions?: readonly { messageRef?: Element }[];
      };
      return [messageRef, ...eventDefinitions.map((definition) => definition.messageRef)].flatMap(
        (message) => message?.name ?? [],
      );
    });
    const words = [
      ...all.flatMap((each) => [...Object.keys(each), each['workflowState'] ?? []].flat()),
      ...attributes(elements, 'TaskDefinition', 'type'),
      ...(await namesIn('.', '.dmn')),
      ...messages,
    ];
    expect(messages).to.include('payment.captured');
    expect(sorted(words).filter((word) => !readme.includes(`\`${word}\``))).to.deep.equal([]);
  });
});
