import type { MigratedStanding, MigrationPlan, Obstacle } from './types.ts';
import { label, listed } from './words.ts';

/** One sentence for an operator about an instance that can go. */
export function sentenceFor(
  { from, to }: MigrationPlan,
  { kept, opened, closed, moved }: MigratedStanding,
  targetName: string,
): string {
  const after = (id: string): string => label(to.elements.get(id));
  const before = (slot: string): string => label(from.elements.get(elementOf(slot)));
  const renamed = new Map(moved.map((token) => [token.to, token.from]));
  const places = kept.map(({ to: { elementId } }) => {
    const old = renamed.get(elementId);
    return old === undefined ? after(elementId) : `${after(elementId)}, which was ${label(from.elements.get(old))}`;
  });
  return `${[
    places.length > 0 ? `Goes on in ${targetName} at ${listed(unique(places))}` : `Goes to ${targetName}`,
    ...told(closed.map(before), 'is taken back', 'are taken back'),
    ...told(
      opened.map(({ elementId }) => after(elementId)),
      'begins to wait',
      'begin to wait',
    ),
  ].join('; ')}.`;
}

const told = (labels: readonly string[], one: string, many: string): readonly string[] =>
  labels.length === 0 ? [] : [`${listed(unique(labels))} ${labels.length === 1 ? one : many}`];

/** One sentence about an instance that stays; further reasons are counted. */
export function sentenceOfRefusal(obstacles: readonly Obstacle[], targetName: string): string {
  const [first] = obstacles;
  const more = obstacles.length - 1;
  return `Not to ${targetName}: ${lowerFirst(first?.message ?? '')}${more > 0 ? ` (And ${more} more ${more === 1 ? 'reason' : 'reasons'}.)` : ''}`;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

const elementOf = (slot: string): string => (slot.split('/').at(-1) ?? '').replace(/\[\d+\]$/, '');

/** Only words of our own begin a reason in small letters: a name may be all capitals. */
const lowerFirst = (text: string): string => text.replace(/^(?:A|Two|In|The|What|Tokens)\b/, (word) => word.toLowerCase());
