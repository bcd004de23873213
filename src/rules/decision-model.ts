/** Which rules count when several match (DMN 1.3, 8.2.11). */
export type HitPolicy = 'UNIQUE' | 'FIRST';

/** One column of conditions. */
export interface InputColumn {
  readonly id: string;
  /** How messages call it: its label, or else its expression. */
  readonly label: string;
  /** FEEL expression. */
  readonly expression: string;
  readonly type: DecisionType;
  /** FEEL unary tests that every value but null must satisfy. */
  readonly allowed?: string;
}

/** One column of conclusions. */
export interface OutputColumn {
  readonly id: string;
  /** Member of the result; empty when it is the only output. */
  readonly name: string;
  readonly type: DecisionType;
  /** FEEL unary tests that every value but null must satisfy. */
  readonly allowed?: string;
  /** FEEL expression of the value when no rule matches. */
  readonly otherwise?: string;
}

/** One row, numbered from 1 in the order of the table. */
export interface Rule {
  readonly id: string;
  readonly number: number;
  /** FEEL unary tests, one for each input. */
  readonly tests: readonly string[];
  /** FEEL expressions, one for each output; null for an empty cell, which gives null. */
  readonly conclusions: readonly (string | null)[];
}

export interface DecisionTable {
  readonly kind: 'table';
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly InputColumn[];
  readonly outputs: readonly OutputColumn[];
  readonly rules: readonly Rule[];
}

export interface LiteralExpression {
  readonly kind: 'expression';
  /** FEEL expression. */
  readonly text: string;
}

export interface Decision {
  readonly id: string;
  readonly name: string;
  readonly logic: DecisionTable | LiteralExpression;
}

/** The decisions of one DMN file. */
export interface DecisionModel {
  readonly id: string;
  readonly decisions: readonly Decision[];
  /** Ids of the decisions, by which diagrams call them. */
  readonly decisionIds: readonly string[];
}

/** Types that a column may have, by the names that modelers write; `Any` accepts everything. */
const TYPES = {
  string: ['string'],
  boolean: ['boolean'],
  number: ['number'],
  integer: ['number'],
  long: ['number'],
  double: ['number'],
  date: ['date'],
  time: ['time'],
  dateTime: ['date and time'],
  'date and time': ['date and time'],
  dayTimeDuration: ['days and time duration'],
  'days and time duration': ['days and time duration'],
  yearMonthDuration: ['years and months duration'],
  'years and months duration': ['years and months duration'],
  Any: null,
} as const;

/** A `typeRef`. */
export type DecisionType = keyof typeof TYPES;

export const isDecisionType = (name: string): name is DecisionType => Object.hasOwn(TYPES, name);

export const decisionTypes = Object.keys(TYPES);

/** Whether a value of the FEEL type `feelType` may stand in a column of `type`; null may stand in any. */
export function fits(feelType: string, type: DecisionType): boolean {
  const accepted: readonly string[] | null = TYPES[type];
  return feelType === 'null' || accepted === null || accepted.includes(feelType);
}
