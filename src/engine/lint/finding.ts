import type { LintRule } from '../../contract/lint-rules.ts';
import type { ElementModel, ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';

/** A rule looks at a process and names what would not run as drawn. */
export type Rule = (model: ProcessModel) => readonly Finding[];

export const finding = (elementId: string | null, rule: LintRule, message: string): Finding => ({ elementId, rule, message });

/** A rule that looks at one element at a time. */
export const eachElement =
  (check: (element: ElementModel, model: ProcessModel) => readonly Finding[]): Rule =>
  (model) =>
    [...model.elements.values()].flatMap((element) => check(element, model));

/** The finding when the condition holds, as a list. */
export const when = (condition: boolean, elementId: string | null, rule: LintRule, message: string): readonly Finding[] =>
  condition ? [finding(elementId, rule, message)] : [];

/** How the modeler calls an element's type: `bpmn:UserTask` is a user task. */
export const typeName = (type: string): string =>
  type
    .replace('bpmn:', '')
    .replace(/EventDefinition$/, 'Event')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** Names that a variable or an element may not have, because JavaScript objects have them already. */
export const isReserved = (name: string): boolean => name in Object.prototype || name === 'prototype';
