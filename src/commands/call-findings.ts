import type { ElementInfo } from '../engine/types.ts';
import type { Reader } from '../persistence/reader.ts';
import type { FoundIn, LintedProcess } from './declarations.ts';

/** How many callers an instance may have above it. */
export const maxCallDepth = 5;

/** A call activity that says which process it calls; one that asks an expression is looked at when it calls. */
interface Call {
  readonly file: string;
  readonly element: ElementInfo;
  readonly caller: string;
  readonly called: string;
}

const callsOf = (processes: readonly LintedProcess[]): Call[] =>
  processes.flatMap(({ resourceName: file, process }) =>
    [...process.elements.values()].flatMap((element) =>
      element.calledProcessId === undefined
        ? []
        : [{ file, element, caller: process.processId, called: element.calledProcessId }],
    ),
  );

/** What the files of a deployment alone show about their calls: recursion, too many levels, a called process that has no plain start, a tag that it has not. */
export function callFindings(processes: readonly LintedProcess[]): FoundIn[] {
  const calls = callsOf(processes);
  const known = new Map(processes.map(({ process }) => [process.processId, process]));
  return calls.flatMap((call): FoundIn[] => {
    const { file, element, caller, called } = call;
    const find = (rule: FoundIn['rule'], message: string): FoundIn[] => [{ file, elementId: element.id, rule, message }];
    const back = wayTo(caller, called, calls);
    if (back) {
      const way = [caller, ...back].join(' calls ');
      return find('call-recursion', `${way}: it would never end. Draw the repetition as a loop inside the process.`);
    }
    const levels = 1 + longestFrom(called, calls);
    if (levels > maxCallDepth) {
      const message = `${caller} calls through ${levels} levels from here on; ${maxCallDepth} are allowed. Flatten the chain that begins with ${called}.`;
      return find('call-recursion', message);
    }
    const target = known.get(called);
    const isOther = element.called?.binding === 'versionTag' && element.called.versionTag !== target?.versionTag;
    if (target && !isOther && !target.starts.some(({ kind }) => kind === 'none')) {
      return find('call-activity', `${called} has no start event without a trigger, so nobody can call it. Give it one.`);
    }
    return [];
  });
}

/** The processes from `from` on to `to` by calls of this deployment, both included; undefined when no way leads there. */
function wayTo(to: string, from: string, calls: readonly Call[], seen: readonly string[] = []): readonly string[] | undefined {
  if (from === to) return [to];
  if (seen.includes(from)) return undefined;
  for (const { caller, called } of calls) {
    const rest = caller === from ? wayTo(to, called, calls, [...seen, from]) : undefined;
    if (rest) return [from, ...rest];
  }
  return undefined;
}

/** How many calls the longest chain from a process on has; a circle counts once, it is told of by itself. */
function longestFrom(process: string, calls: readonly Call[], above: readonly string[] = []): number {
  if (above.includes(process)) return 0;
  const next = new Set(calls.filter(({ caller }) => caller === process).map(({ called }) => called));
  return Math.max(0, ...[...next].map((called) => 1 + longestFrom(called, calls, [...above, process])));
}

/**
 * Calls of what is neither in the deployment nor deployed already, with what is there instead. Only the database knows; whoever lints without one is not told.
 */
export async function callsOfNothing(reader: Reader, processes: readonly LintedProcess[]): Promise<FoundIn[]> {
  const calls = callsOf(processes);
  if (calls.length === 0) return [];
  const rows = await reader.query<{ processId: string; tags: (string | null)[] }>(
    `select process_id as "processId", array_agg(distinct version_tag) as tags from orderflow.process_definition where process_id = any($1) group by process_id`,
    [calls.map(({ called }) => called)],
  );
  const tags = new Map(rows.map((row) => [row.processId, row.tags]));
  for (const { process } of processes)
    tags.set(process.processId, [...(tags.get(process.processId) ?? []), process.versionTag ?? null]);
  return calls.flatMap(({ file, element, called }): FoundIn[] => {
    const finding = (message: string): FoundIn[] => [{ file, elementId: element.id, rule: 'call-activity', message }];
    const there = tags.get(called);
    if (!there)
      return finding(`There is no process ${called}, neither in this deployment nor deployed before. Add it, or correct the id.`);
    const { binding, versionTag } = element.called ?? {};
    if (binding !== 'versionTag' || versionTag === undefined || there.includes(versionTag)) return [];
    const others = there.filter((tag) => tag !== null).join(', ') || 'none';
    return finding(
      `No version of ${called} has the version tag ${versionTag}; there is: ${others}. Correct the tag, or deploy that version.`,
    );
  });
}
