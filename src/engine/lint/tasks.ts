import { isFeel } from '../feel-text.ts';
import type { ElementModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, isReserved, typeName, when } from './finding.ts';

const namePattern = /^[A-Za-z_]\w*$/;
const isName = (name: string): boolean => namePattern.test(name) && !isReserved(name);

/** What a task needs so that somebody or something can do it. */
export const lintTasks = eachElement((element) => [...lintWork(element), ...lintMappings(element)]);

function lintWork(element: ElementModel): readonly Finding[] {
  const { id, type, job, assignment, call, event } = element;
  switch (type) {
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
      return job
        ? lintJob(element)
        : [finding(id, 'job-type', `The ${typeName(type)} has no job type (zeebe:taskDefinition), so no worker would do it.`)];
    case 'bpmn:BusinessRuleTask':
      return lintBusinessRule(element);
    case 'bpmn:ScriptTask':
      return lintScript(element);
    case 'bpmn:UserTask':
      return when(
        !assignment?.candidateGroups && !assignment?.assignee,
        id,
        'assignment',
        'The user task is assigned to nobody. Give it candidate groups or an assignee (zeebe:assignmentDefinition).',
      );
    case 'bpmn:CallActivity':
      return when(!call?.processId, id, 'called-process', 'The call activity calls no process (zeebe:calledElement).');
    case 'bpmn:ReceiveTask':
      return [
        ...when(event?.name === undefined, id, 'message', 'The receive task refers to no message with a name.'),
        ...when(
          event?.name !== undefined && event.correlationKey === undefined,
          id,
          'message',
          'The message has no correlation key (zeebe:subscription), so nobody could tell which instance it is for.',
        ),
      ];
    default:
      return [];
  }
}

/** A script task evaluates FEEL within the step, or is a job. */
function lintScript(element: ElementModel): readonly Finding[] {
  const { id, job, script, raw } = element;
  if (typeof raw['script'] === 'string' || typeof raw['scriptFormat'] === 'string')
    return [
      finding(id, 'script', 'Diagrams run no scripts of other languages. Write a FEEL expression (zeebe:script), or use a job.'),
    ];
  if (job && script)
    return [finding(id, 'script', 'The script task has both a FEEL expression and a job type. Leave one of them.')];
  if (job) return lintJob(element);
  if (!script)
    return [
      finding(
        id,
        'script',
        'The script task has neither a FEEL expression (zeebe:script) nor a job type (zeebe:taskDefinition).',
      ),
    ];
  return [
    ...when(!isFeel(script.expression), id, 'script', 'The expression must be FEEL and begin with "=", such as =total * 2.'),
    ...when(
      !isName(script.resultVariable),
      id,
      'script',
      `The result variable ${JSON.stringify(script.resultVariable)} is not a name of a variable.`,
    ),
  ];
}

function lintJob({ id, job, event }: ElementModel): readonly Finding[] {
  const retries = job?.retries ?? '';
  return [
    ...when(
      !job?.type || isFeel(job.type),
      id,
      'job-type',
      'The job type must be a fixed text, because the version of the diagram decides which jobs there are.',
    ),
    ...when(
      !isFeel(retries) && !/^\d{1,2}$/.test(retries),
      id,
      'job-type',
      `The retries ${JSON.stringify(retries)} are not a number from 0 to 99.`,
    ),
    ...when(
      event !== undefined,
      id,
      'message',
      'The task also refers to a message, which is not sent. Use a message throw event, or remove the message.',
    ),
  ];
}

function lintBusinessRule(element: ElementModel): readonly Finding[] {
  const { id, job, decision } = element;
  if (job && decision)
    return [finding(id, 'decision', 'The business rule task has both a called decision and a job type. Leave one of them.')];
  if (job) return lintJob(element);
  if (!decision?.id)
    return [
      finding(
        id,
        'decision',
        'The business rule task has neither a called decision (zeebe:calledDecision) nor a job type (zeebe:taskDefinition).',
      ),
    ];
  const { resultVariable = '' } = decision;
  return [
    ...when(isFeel(decision.id), id, 'decision', 'The called decision must be a fixed id.'),
    ...when(
      !isName(resultVariable),
      id,
      'decision',
      `The result variable ${JSON.stringify(resultVariable)} is not a name of a variable.`,
    ),
  ];
}

function lintMappings({ id, inputs, outputs }: ElementModel): readonly Finding[] {
  return [...inputs, ...outputs].flatMap(({ source, target }) => [
    ...when(
      !target.split('.').every(isName),
      id,
      'mapping',
      `The mapping target ${JSON.stringify(target)} is not a name of a variable. Use letters, digits and "_", with dots for members.`,
    ),
    ...when(source === '', id, 'mapping', `The mapping to ${target} has no source.`),
  ]);
}
