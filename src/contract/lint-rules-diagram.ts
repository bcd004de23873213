import type { LintRuleText } from './lint-rule-text.ts';

const error = (why: string, fix: string): LintRuleText => ({ severity: 'error', why, fix });
const warning = (why: string, fix: string): LintRuleText => ({ severity: 'warning', why, fix });

/** What is looked at in a diagram by itself. */
export const diagramRules = {
  xml: error(
    'The file is not BPMN 2.0 XML, or a part of it was not understood: an element that BPMN does not have, a reference to nothing, two elements with one id, a character that XML does not allow. ' +
      'What is not understood would be left out, and the process would run differently from what is drawn.',
    'Open the file in a modeler, repair what it complains about, and save it again. Extensions of other products have to be removed.',
  ),
  doctype: error(
    'The file declares a DOCTYPE or an ENTITY. No diagram and no table needs one; they are how XML bombs and reads of local files are made.',
    'Remove the declaration from the first lines of the file.',
  ),
  dialect: error(
    'The diagram was written for Camunda 7 or Activiti. Their attributes look the same in a modeler, but mean nothing here: forms, listeners and expressions would be ignored.',
    'Convert it to Camunda 8 (the modeler says which parts have no counterpart) and save it for that platform.',
  ),
  size: error(
    'There is a limit on everything that somebody else has to hold or to wait for: 1 MB for a file, 5 MB and 200 files for a deployment, 2,000 elements and flows for a process, 20 levels of sub-processes, 1,000 rules for a table.',
    'Split the process with call activities, the table by a first decision, and remove pictures that a tool has embedded.',
  ),
  'executable-process': error(
    'A process that is not marked as executable is a drawing. A file in which no process is executable would deploy nothing.',
    'Tick "Executable" in the properties of the process (with a collaboration: of the pool that is to run).',
  ),
  id: error(
    'Ids become names of places, values of columns and parts of addresses. An id has 1 to 64 letters, digits, "_", "-" or ".", begins with a letter or "_", and is none of the names that every JavaScript object has, such as `constructor`.',
    'Give the element another id in its properties.',
  ),
  'not-supported': error(
    'The element, or something that is set on it, is not run. Running it in some other way than it is drawn would be worse than refusing it.',
    'The finding names what to draw instead. Which elements run is listed in docs/elements.md.',
  ),
  'flow-ends': error(
    'A sequence flow connects two elements of the same process or sub-process; a start or boundary event has none that comes in, an end event none that goes out, and gateways and intermediate events lead on.',
    'Draw the flow again. Across the border of a sub-process use its end, a boundary event, or an event.',
  ),
  start: error(
    'A token has to come from somewhere, and from one place: a process has at most one start event without a trigger, beside those that a message, a timer or a signal starts; a sub-process has exactly one start event, without a trigger.',
    'Add the start event, or merge several into one and split behind it.',
  ),
  unreachable: error(
    'No way leads from a start event to this element, so it never happens although it is drawn.',
    'Connect it, or remove it.',
  ),
  'default-flow': error(
    'When no condition is true, an instance stands still at the gateway, usually long after the deployment. One flow has to be the one that is taken otherwise, and that one has no condition.',
    'Mark one outgoing flow as default.',
  ),
  condition: error(
    'A condition stands where it is never looked at, or is missing where it decides.',
    'Put conditions on the flows behind an exclusive or inclusive gateway, one on each but the default.',
  ),
  script: error(
    'Diagrams run no JavaScript, Groovy or JUEL: a script, or an expression in `${...}`, is code that runs with the rights of the service.',
    'Write it in FEEL, beginning with "=" (in a script task: zeebe:script), or let a job do it.',
  ),
  feel: error(
    'The FEEL text cannot be read, is empty, is too long, or would take too long: the engine would stop at it.',
    'Correct it. The finding says where it breaks; lists and ranges may have 1,000 elements.',
  ),
  'double-flow': error(
    'Two flows between the same elements are one to the engine. A parallel gateway behind them would wait for ever.',
    'Leave one of them, or put an element between.',
  ),
  'event-gateway': error(
    'An event-based gateway waits for the first of several events: it leads to at least two catch events or receive tasks, each with that one flow, no boundary event and no loop.',
    'Put the events directly behind the gateway.',
  ),
  event: error(
    'An event without a trigger where one is needed, or with more than one, cannot be told from its neighbours.',
    'Choose one trigger; draw one event for each.',
  ),
  message: error(
    'A message or signal is found by its name, a message also by its correlation key. Without them nobody could tell for whom it is.',
    'Choose the message in the properties, and give it a subscription correlation key in FEEL.',
  ),
  timer: error(
    'The timer has no date, duration or cycle, or one that cannot be read; or a property that it cannot have (`timeZone`, `catchUp`, `calendar`).',
    'Write ISO 8601: `2026-12-24T18:00:00Z`, `PT4H`, `R3/P1D`; or cron: `0 0 9 * * MON-FRI`; or FEEL that gives it (docs/timers.md).',
  ),
  boundary: error(
    'A boundary event sits on an activity that waits and can raise what it catches; otherwise it never fires.',
    'Attach it to such an activity, or remove it.',
  ),
  'error-end': error(
    'An error end event needs an error with a code, and somebody around it who catches that code: otherwise the instance ends in an incident.',
    'Choose the error, and attach an error boundary event to the sub-process around it.',
  ),
  'error-uncaught': warning(
    'A BPMN error that no event of the process catches ends the process. The process that has called it may catch it; without one the instance stops with an incident.',
    'Attach an error event to the sub-process around it, or to the call activity that calls this process.',
  ),
  'event-sub-process': error(
    'An event sub-process stands beside the flow of its scope; exactly one event starts it, and nothing else leads into it or out of it.',
    'Give it one start event with a trigger, and remove flows, boundary events and repetition.',
  ),
  link: error(
    'A link event is a sequence flow that is not drawn. It leads from every throwing link of a name to the one catching link of that name in the same scope.',
    'Give both ends the same name, and draw exactly one catching end.',
  ),
  'job-type': error(
    'The work of a service task, send task or job is done by a worker that is found by the job type. It is a fixed text, so that the version of the diagram decides which jobs there are.',
    'Fill in the job type in the properties (zeebe:taskDefinition), with 0 to 99 retries.',
  ),
  assignment: error(
    'A user task that nobody may do stays for ever.',
    'Give it candidate groups or an assignee (zeebe:assignmentDefinition).',
  ),
  'called-process': error('A call activity has to say which process it calls.', 'Fill in the process id (zeebe:calledElement).'),
  decision: error(
    'A business rule task either evaluates one decision of the deployment and keeps its result under a name, or is done by a worker.',
    'Fill in the called decision and its result variable, or a job type; not both.',
  ),
  mapping: error(
    'An input or output mapping needs a source, and a target that can be a variable: letters, digits and "_", with dots for members.',
    'Correct the mapping in the properties.',
  ),
  loop: error(
    'A multi-instance activity runs once for each element of a list: it needs the list in FEEL, and names for what it takes and gives. A standard loop runs again as long as its condition holds: it needs the condition, or a maximum.',
    'Fill in the input collection (zeebe:loopCharacteristics), such as `=sale.lines`; an output collection needs an output element. A loop gets a condition in FEEL.',
  ),
  'endless-wait': error(
    'A message or signal may never come. An instance that waits for it without another way out waits for ever, and nobody is told.',
    'Put an event-based gateway with a timer before it, a boundary event on it, or the property `sla`.',
  ),
  sla: error(
    'The property `sla` is a duration after which a person is told.',
    'Write an ISO 8601 duration, such as PT4H or P2D.',
  ),
  'endless-cycle': error(
    'A token can go round without ever waiting. The engine would do nothing else, within one step.',
    'Put a user task, a job, a message or a timer into the cycle, or use multi-instance.',
  ),
  'stuck-join': warning(
    'A parallel gateway waits for a token on each of its incoming flows. When a token can only ever come on one of them, because an exclusive gateway, an event or the start chooses, the instance stops there with an incident.',
    'Join with an exclusive gateway what an exclusive gateway has split.',
  ),
  'layout-missing': warning(
    'The element runs, but is not drawn: who looks at the diagram does not know of it.',
    'Open the file in a modeler and place it.',
  ),
  'layout-overlap': warning('Two shapes cover each other, so one of them cannot be read.', 'Move one of them.'),
  'layout-crossing': warning(
    'A sequence flow runs through a shape that it has nothing to do with, as if it led there.',
    'Lead it around the shape.',
  ),
  'layout-place': warning(
    'A shape lies outside of the sub-process that it belongs to, or a boundary event away from its activity.',
    'Move it to where it belongs.',
  ),
} as const satisfies Record<string, LintRuleText>;
