import type { Finding } from '../types.ts';
import { finding } from './finding.ts';
import { elementsOf, idOf, type ParsedElement } from './parsed.ts';

const foreign = /^http:\/\/(?:camunda\.org\/schema\/1\.0\/bpmn|activiti\.(?:org|com)\/bpmn|(?:www\.)?flowable\.org\/bpmn)$/;

/** Findings that are told; whoever converts a diagram converts all of it. */
const told = 20;

/** Attributes and extension elements of other engines: they look the same in a modeler, and nobody here would run them. */
export function lintDialect(root: ParsedElement): readonly Finding[] {
  const prefixes = Object.entries(root.$attrs ?? {})
    .filter(([name, uri]) => name.startsWith('xmlns:') && typeof uri === 'string' && foreign.test(uri))
    .map(([name]) => `${name.slice('xmlns:'.length)}:`);
  if (prefixes.length === 0) return [];
  const found = new Map<string | null, Set<string>>();
  for (const element of elementsOf(root)) {
    const names = [element.$type, ...Object.keys(element.$attrs ?? {})];
    for (const name of names.filter((each) => prefixes.some((prefix) => each.startsWith(prefix)))) {
      const id = idOf(element);
      found.set(id, (found.get(id) ?? new Set()).add(name));
    }
    if (found.size >= told) break;
  }
  return [...found].map(([id, names]) => finding(id, 'dialect', sentence([...names])));
}

const sentence = (names: readonly string[]): string =>
  `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} of Camunda 7, Activiti or Flowable and not run. Convert the diagram to Camunda 8, or remove what is foreign.`;
