import type { Finding } from '../types.ts';

const maximumBytes = 1_000_000;

/** What can be judged before the XML is parsed: its size, and constructs that have no place in a diagram. */
export function lintText(xml: string): readonly Finding[] {
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes > maximumBytes) {
    return [
      {
        elementId: null,
        rule: 'size',
        message: `The file has ${bytes} bytes; a diagram may have ${maximumBytes}. Split the process with call activities.`,
      },
    ];
  }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) {
    return [
      {
        elementId: null,
        rule: 'doctype',
        message: 'The file declares a DOCTYPE or an ENTITY, which no BPMN diagram needs. Remove the declaration.',
      },
    ];
  }
  if (/=\s*["']http:\/\/(?:camunda\.org\/schema\/1\.0\/bpmn|activiti\.org\/bpmn)["']/.test(xml)) {
    return [
      {
        elementId: null,
        rule: 'dialect',
        message:
          'The diagram is written for Camunda 7 or Activiti, whose attributes are not run. Save it for Camunda 8 in the modeler.',
      },
    ];
  }
  return [];
}
