/** A parsed element as bpmn-moddle gives it; attributes of unknown namespaces are in `$attrs`. */
export interface ParsedElement {
  readonly $type: string;
  readonly $attrs?: Readonly<Record<string, unknown>>;
  readonly $parent?: ParsedElement;
  readonly id?: string;
}

const isElement = (value: unknown): value is ParsedElement => typeof value === 'object' && value !== null && '$type' in value;

/** Every element that can be reached from a root, each once, in the order of the file. */
export function* elementsOf(root: object): Generator<ParsedElement> {
  const seen = new Set<object>();
  const next: unknown[] = [root];
  while (next.length > 0) {
    const value = next.pop();
    if (Array.isArray(value)) next.push(...(value as unknown[]).toReversed());
    else if (isElement(value) && !seen.has(value)) {
      seen.add(value);
      yield value;
      next.push(...Object.values(value).toReversed());
    }
  }
}

/** Id of the element, or of the nearest around it that has one. */
export function idOf(element: ParsedElement): string | null {
  for (let at: ParsedElement | undefined = element; at; at = at.$parent) if (typeof at.id === 'string') return at.id;
  return null;
}
