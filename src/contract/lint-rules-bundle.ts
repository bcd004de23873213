import type { LintRuleText } from './lint-rule-text.ts';

const error = (why: string, fix: string): LintRuleText => ({ severity: 'error', why, fix });

/** What is looked at in a decision table, in other files, and in all files of a deployment together. */
export const bundleRules = {
  'decision-missing': error('A DMN file without a decision deploys nothing.', 'Add a decision, or leave the file out.'),
  'decision-id': error(
    'Tasks name a decision by its id, which has 1 to 64 letters, digits, "_", "-" or "." and begins with a letter or "_".',
    'Give the decision another id.',
  ),
  'decision-requirement': error(
    'A decision is evaluated by itself: other decisions and business knowledge models are not asked on the way.',
    'Evaluate them by tasks of their own and pass the results as variables.',
  ),
  'decision-logic': error(
    'Decision tables and literal expressions are evaluated, and no other logic.',
    'Write the decision as one of them.',
  ),
  'hit-policy': error(
    'Tables are read with the hit policy UNIQUE or FIRST.',
    'Choose one of them; a list of results is made by a literal expression.',
  ),
  columns: error(
    'Each rule of a table has one cell for each column; several outputs have different names; there is at least one output.',
    'Open the table in a modeler and complete it.',
  ),
  'expression-language': error('Cells and expressions are FEEL.', 'Choose FEEL as expression language, or write the cell anew.'),
  'type-ref': error(
    'The type of a column decides what may stand in it.',
    'Choose one of the types of DMN that the finding lists.',
  ),
  'output-value': error(
    'A constant result contradicts the type or the allowed values of its column.',
    'Correct the cell, or what the column allows.',
  ),
  'dead-rule': error(
    'A rule that can never decide is a mistake in it or in those before it.',
    'Remove it, or move it before the rules that take its cases.',
  ),
  overlap: error(
    'Under UNIQUE exactly one rule matches; two that match the same case stop the instance.',
    'Make the rules exclude each other, or choose FIRST.',
  ),
  gap: error(
    'A case that no rule takes stops the instance that meets it.',
    "Add a rule, a default output, or restrict the column's allowed values.",
  ),
  readable: error(
    'A schema file is JSON (RFC 8259) with a JSON Schema (2020-12) that can be compiled; a job schema has a type, an output and errors with codes. Patterns have to be free of repetitions inside repetitions.',
    'Correct the file; the finding says where it breaks.',
  ),
  'file-name': error(
    'The name of a file is a path inside the deployment, with letters, digits, "_", "-", "." and "/", at most 200 characters, and without "..".',
    'Rename the file.',
  ),
  'file-kind': error(
    'A deployment has diagrams (.bpmn), decision tables (.dmn) and schemas (.schema.json); anything else would be ignored in silence.',
    'Leave the file out, or give it the right ending.',
  ),
  twice: error(
    'Two files of a deployment declare the same process, decision, form or job type; only one of them could be meant.',
    'Leave one of them out, or give it another id.',
  ),
  'too-slow': error(
    'Reading and checking the files took longer than 4 seconds or more than 256 MB, which no honest diagram needs.',
    'Split the process, and look for expressions and tables that multiply.',
  ),
  'variables-declared': error(
    'Every process declares its variables in `<process>.variables.schema.json`, so that a misspelt name is found before it runs. An expression uses one that is not declared, or there is no declaration.',
    'Declare the variable, or correct the name.',
  ),
  'job-type-known': error(
    'A job type is declared by a `<name>.job.schema.json` of the deployment: what goes in, what comes out, which errors it raises.',
    'Add the declaration, or correct the job type.',
  ),
  'form-found': error(
    'The form of a user task is a `<form id>.schema.json` of the deployment.',
    'Add the form, or correct its id.',
  ),
  'decision-found': error(
    'The decision that a task names is in none of the tables of the deployment.',
    'Add the table, or correct the id.',
  ),
  'period-known': error(
    'The property `period` names a commercial period that does not exist.',
    'Correct the name, or have the period added.',
  ),
  'role-known': error(
    'A candidate group is a role; nobody has this one.',
    'Correct the name. The roles are listed in docs/glossary.md.',
  ),
  'call-activity': error(
    'A call activity would start something that is not there, or that nobody can start: each instance would stop at it.',
    'Add the called process to the deployment or deploy it first, correct its id or version tag, or give it a start event without a trigger.',
  ),
  'call-recursion': error(
    'A process that calls itself, directly or through others, starts instances without end. Calls go at most 5 levels deep.',
    'Draw the repetition as a loop or a multi-instance inside the process; flatten a chain of calls.',
  ),
} as const satisfies Record<string, LintRuleText>;
