/** An element as an operator finds it in the diagram: its name, and its id behind it. */
export function label(element: { readonly id: string; readonly name?: string } | undefined): string {
  if (!element) return 'an element';
  return element.name === undefined ? element.id : `${element.name.replaceAll(/\s+/g, ' ').trim()} (${element.id})`;
}

/** What a BPMN type is called: `user task`, `boundary event`. */
export const typeWords = (type: string): string =>
  type
    .replace('bpmn:', '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** `a`, `a and b`, `a, b and c`. */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
