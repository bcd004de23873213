import type { ElementModel, ProcessModel } from '../model.ts';
import type { Suggestion } from './types.ts';

/** From here on two elements are probably the same: a name alone is enough, or what it does together with where it is. */
const enough = 3;
/** Pairs beyond which nothing is suggested: that is another diagram. */
const tooMany = 40_000;

/**
 * Pairs removed elements with added ones of the same type in the same place: by name, by what they do, by their neighbours. Each is suggested once, the
 * likeliest first; when two are equally likely, neither is.
 */
export function suggest(
  from: ProcessModel,
  to: ProcessModel,
  mapping: ReadonlyMap<string, string>,
  removed: readonly string[],
  added: readonly string[],
): readonly Suggestion[] {
  if (removed.length * added.length > tooMany) return [];
  const known = new Map(mapping);
  const suggestions: Suggestion[] = [];
  const left = { from: new Set(removed), to: new Set(added) };
  // what has been paired is a neighbour by which the next ones are found
  for (let found = likely(); found.length > 0; found = likely()) {
    for (const suggestion of found) {
      suggestions.push(suggestion);
      known.set(suggestion.from, suggestion.to);
      left.from.delete(suggestion.from);
      left.to.delete(suggestion.to);
    }
  }
  return suggestions;

  function likely(): readonly Suggestion[] {
    const pairs = [...left.from].flatMap((source) =>
      [...left.to].flatMap((target) => {
        const likeness = compare(from.elements.get(source), to.elements.get(target), known);
        return likeness.score < enough ? [] : [{ from: source, to: target, ...likeness }];
      }),
    );
    pairs.sort((a, b) => b.score - a.score);
    const isBeaten = (pair: (typeof pairs)[number]): boolean =>
      pairs.some((other) => other !== pair && other.score >= pair.score && (other.from === pair.from || other.to === pair.to));
    return pairs.filter((pair) => !isBeaten(pair)).map(({ score: _score, ...suggestion }) => suggestion);
  }
}

interface Likeness {
  readonly score: number;
  readonly because: string;
}

function compare(
  source: ElementModel | undefined,
  target: ElementModel | undefined,
  known: ReadonlyMap<string, string>,
): Likeness {
  const isSamePlace =
    source !== undefined && target !== undefined && source.type === target.type && known.get(source.scope) === target.scope;
  if (!isSamePlace || hostOf(source, known) !== target.attachedTo) return { score: 0, because: '' };
  const reasons: string[] = [];
  let score = 0;
  if (source.name !== undefined && plain(source.name) === plain(target.name ?? '')) {
    score += 3;
    reasons.push('the same name');
  }
  if (doing(source) !== '' && doing(source) === doing(target)) {
    score += 2;
    reasons.push(`the same ${source.jobType === undefined ? 'work' : 'job type'}`);
  }
  const neighbours =
    shared(sources(source), sources(target), known) + shared(targets(source), targets(target), known) + hostShared(source);
  if (neighbours > 0) {
    score += neighbours;
    reasons.push('the same neighbours');
  }
  return { score, because: reasons.join(', ') };
}

const hostOf = ({ attachedTo }: ElementModel, known: ReadonlyMap<string, string>): string | undefined =>
  attachedTo === undefined ? undefined : known.get(attachedTo);

/** An event on the same host is where it was, although no flow leads to it. */
const hostShared = ({ attachedTo }: ElementModel): number => (attachedTo === undefined ? 0 : 1.5);

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What an element is there for, apart from its name and place. */
const doing = ({ jobType, formId, decisionId, calledProcessId, event, messageName }: ElementModel): string =>
  [jobType, formId, decisionId, calledProcessId, messageName, event?.kind, event?.name, event?.errorCode, event?.timer?.value]
    .filter((part) => part !== undefined)
    .join(' ');

const sources = ({ incoming }: ElementModel): readonly string[] => incoming.map(({ source }) => source);
const targets = ({ outgoing }: ElementModel): readonly string[] => outgoing.map(({ target }) => target);

/** How much of what is around is the same, from 0 to 1.5. */
function shared(before: readonly string[], after: readonly string[], known: ReadonlyMap<string, string>): number {
  const same = before.filter((id) => after.includes(known.get(id) ?? '')).length;
  return same === 0 ? 0 : (1.5 * same) / Math.max(before.length, after.length);
}
