/** dmn-moddle 12 has no types of its own; these are the parts of DMN 1.3 that rules/ reads. */
declare module 'dmn-moddle' {
  export interface DmnElement {
    readonly $type: string;
    readonly id?: string;
    readonly name?: string;
    readonly label?: string;
  }
  export interface DmnText extends DmnElement {
    readonly text?: string;
    readonly expressionLanguage?: string;
  }
  export interface DmnInputExpression extends DmnText {
    readonly typeRef?: string;
  }
  export interface DmnInput extends DmnElement {
    readonly inputExpression?: DmnInputExpression;
    readonly inputValues?: DmnText;
  }
  export interface DmnOutput extends DmnElement {
    readonly typeRef?: string;
    readonly outputValues?: DmnText;
    readonly defaultOutputEntry?: DmnText;
  }
  export interface DmnRule extends DmnElement {
    readonly inputEntry?: readonly DmnText[];
    readonly outputEntry?: readonly DmnText[];
  }
  export interface DmnDecisionTable extends DmnElement {
    readonly hitPolicy: string;
    readonly input?: readonly DmnInput[];
    readonly output?: readonly DmnOutput[];
    readonly rule?: readonly DmnRule[];
  }
  export interface DmnDecision extends DmnElement {
    readonly decisionLogic?: DmnElement;
    readonly informationRequirement?: readonly { readonly requiredDecision?: { readonly href: string } }[];
    readonly knowledgeRequirement?: readonly unknown[];
  }
  export interface DmnDefinitions extends DmnElement {
    readonly drgElement?: readonly DmnElement[];
  }
  export interface DmnModdle {
    fromXML(
      xml: string,
    ): Promise<{ readonly rootElement: DmnDefinitions; readonly warnings: readonly { readonly message: string }[] }>;
  }
  /** Called as a function despite its capital letter. */
  export function DmnModdle(): DmnModdle;
}
