/** bpmn-moddle 10 ships no types; this is what compile.ts uses of it. */
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, object>>);
    fromXML(xml: string): Promise<object>;
  }
}
