/** bpmn-moddle 10 ships no types; this is what parse.ts uses of it. */
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, object>>);
    fromXML(xml: string): Promise<object>;
  }
}
