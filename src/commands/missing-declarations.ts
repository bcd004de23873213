import { undeclaredNames } from '../rules/index.ts';
import type { Json, JsonObject } from '../support/json.ts';
import type { Resources } from './bundle-files.ts';
import type { Declarations, LintedBundle, LintedProcess } from './declarations.ts';

/**
 * Drafts of the declarations that diagrams of other tools come without: the variables that their expressions use and the job types that they ask for.
 * Types are left open; who knows them writes them in. Only of processes that are right otherwise; job types with characters that no file name has are
 * left out.
 */
export function missingDeclarations(bundle: LintedBundle): Resources {
  const drafts = new Map<string, string>();
  const results = new Map<string, Set<string>>();
  for (const { process } of bundle.processes) {
    const { variables, ofJobs } = namesOf(process, bundle);
    if (!bundle.variables.has(process.processId))
      drafts.set(`${process.processId}.variables.schema.json`, written(schemaOf(variables)));
    for (const { jobType } of process.elements.values())
      if (jobType !== undefined && !bundle.jobs.has(jobType)) results.set(jobType, results.get(jobType) ?? new Set());
    for (const { jobType, name } of ofJobs) results.get(jobType)?.add(name);
  }
  for (const [type, names] of results)
    if (/^[\w.-]{1,100}$/.test(type))
      drafts.set(`${type}.job.schema.json`, written({ type, input: { type: 'object' }, output: schemaOf(names), errors: [] }));
  return drafts;
}

type Process = LintedProcess['process'];
interface Names {
  readonly variables: ReadonlySet<string>;
  readonly ofJobs: readonly { readonly jobType: string; readonly name: string }[];
}

/** A name that only the output mappings of a job use is taken for one of its results. */
function namesOf({ expressions, elements }: Process, { jobs, forms }: Declarations): Names {
  const used = expressions.map((use) => {
    const { jobType, formId } = elements.get(use.elementId) ?? {};
    const known = use.seesResult ? [...(jobs.get(jobType ?? '') ?? []), ...(forms.get(formId ?? '') ?? [])] : [];
    const names = undeclaredNames(use.expression, {}, [...use.locals, ...known]).map(({ name }) => name);
    return { names, jobType: use.seesResult && jobType !== undefined && !jobs.has(jobType) ? jobType : undefined };
  });
  const variables = new Set(used.filter(({ jobType }) => jobType === undefined).flatMap(({ names }) => names));
  const roots = new Set([...variables].map(rootOf));
  const results = used.flatMap(({ names, jobType }) => (jobType === undefined ? [] : names.map((name) => ({ jobType, name }))));
  for (const { name } of results) if (roots.has(rootOf(name))) variables.add(name);
  return { variables, ofJobs: results.filter(({ name }) => !roots.has(rootOf(name))) };
}

const rootOf = (path: string): string => path.split('.')[0] ?? path;

/** `sale.id`, `sale.lines` -> an object `sale` with two members of any type. */
function schemaOf(paths: ReadonlySet<string>): JsonObject {
  const properties: Record<string, Json> = {};
  const roots = [...new Set([...paths].map(rootOf))].sort();
  for (const root of roots) {
    const inside = [...paths].filter((path) => path.startsWith(`${root}.`)).map((path) => path.slice(root.length + 1));
    properties[root] = inside.length > 0 ? schemaOf(new Set(inside)) : {};
  }
  return { type: 'object', properties };
}

const written = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;
