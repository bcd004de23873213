import { expressionsOf } from '../expressions.ts';
import type { ElementModel, ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { finding } from './finding.ts';

/** Expressions of other engines, which run code; here they would be taken as plain text. */
const foreign = /[$#]\{/;

export function lintExpressions(model: ProcessModel, check: (feel: string) => string | null = () => null): readonly Finding[] {
  const wrong = expressionsOf(model).flatMap(({ elementId, expression }) => {
    const fault = expression === '' ? 'it is empty' : check(expression);
    return fault === null
      ? []
      : [finding(elementId, 'feel', `The FEEL expression ${JSON.stringify(expression)} is not valid: ${fault}.`)];
  });
  const code = [...model.elements.values()].filter((element) => textsOf(element).some((text) => foreign.test(text)));
  const codeInFlows = model.flows.filter(({ condition = '' }) => foreign.test(condition));
  return [
    ...wrong,
    ...[...code, ...codeInFlows].map(({ id }) =>
      finding(id, 'script', 'Expressions in ${...} or #{...} are not run. Write FEEL, beginning with "=".'),
    ),
  ];
}

function textsOf({
  job,
  assignment,
  call,
  event,
  inputs,
  outputs,
  loop,
  decision,
  formId,
  raw,
}: ElementModel): readonly string[] {
  const values: readonly unknown[] = [
    ...Object.values({ ...job, ...assignment, ...call, ...loop, ...decision }),
    ...[...inputs, ...outputs].flatMap(({ source, target }) => [source, target]),
    event?.name,
    event?.correlationKey,
    event?.condition,
    event?.timer?.value,
    formId,
    raw['implementation'],
    raw['calledElement'],
  ];
  return values.filter((value) => typeof value === 'string');
}
