import type { FileFinding, Finding } from '../contract/finding.ts';
import { lintPageOf, severityOf } from '../contract/lint-rules.ts';
import { examine, type CompiledProcess } from '../engine/index.ts';
import { checkExpression, DecisionRefused, parseDecisions, tableFindings } from '../rules/index.ts';
import { messageOf } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { kindOf, readForm, readJob, readVariables, SchemaRefused, type Resources } from './bundle-files.ts';
import { crossCheck } from './cross-check.ts';
import type { Declarations, FoundIn, LintedBundle, LintedProcess } from './declarations.ts';

const maximumFiles = 200;
const maximumFindings = 200;
const maximumBytes = 5_000_000;
const maximumFileBytes = 1_000_000;
const fileName = /^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/;

/** What the files declare, while they are being read. */
interface Collected extends Declarations {
  readonly processes: LintedProcess[];
  readonly decisions: Declarations['decisions'][number][];
  readonly jobs: Map<string, readonly string[]>;
  readonly forms: Map<string, readonly string[]>;
  readonly variables: Map<string, JsonObject>;
}

/**
 * Reads all files and tells everything that is wrong with them: first each file by itself, and when those are right, what only all of them
 * together can show. Never throws for what a file may contain.
 */
export async function lintBundle(resources: Resources): Promise<LintedBundle> {
  const declared: Collected = {
    processes: [],
    decisions: [],
    jobs: new Map(),
    forms: new Map(),
    variables: new Map(),
  };
  const found: FoundIn[] = [...tooMuch(resources)];
  if (found.length === 0)
    for (const [file, content] of resources)
      found.push(...(await lintFile(file, content, declared)).map((finding) => ({ file, ...finding })));
  if (!found.some(({ rule }) => severityOf(rule) === 'error')) found.push(...crossCheck(declared));
  return { ...declared, findings: firstOf(found.map(toldOutside).toSorted(errorsFirst)) };
}

/** A finding as those who deploy are told of it: cut to a size, with its severity and its page. */
export const toldOutside = ({ file, elementId, rule, message }: FoundIn): FileFinding => ({
  file: short(file, 200),
  elementId: elementId === null ? null : short(elementId, 200),
  rule,
  severity: severityOf(rule),
  message: short(message, 1000),
  help: lintPageOf(rule),
});

/** Texts of a file come back in findings; nobody reads a whole one. */
const short = (text: string, maximum: number): string =>
  text.length > maximum ? `${text.slice(0, maximum / 2)} [...] ${text.slice(-maximum / 4)}`.toWellFormed() : text;

/** The first findings; the last of them says how many there are. */
function firstOf(findings: readonly FileFinding[]): readonly FileFinding[] {
  const more = findings.length - maximumFindings;
  const last = findings[maximumFindings - 1];
  if (more <= 0 || !last) return findings;
  return [...findings.slice(0, maximumFindings - 1), { ...last, message: `${last.message} There are ${more} more findings.` }];
}

/** `sort` keeps the order of equals. */
const errorsFirst = (a: FileFinding, b: FileFinding): number => Number(a.severity !== 'error') - Number(b.severity !== 'error');

function tooMuch(resources: Resources): FoundIn[] {
  const bytes = [...resources.values()].reduce((sum, content) => sum + content.length, 0);
  const [[file] = ['']] = resources;
  const finding = (message: string): FoundIn[] => [{ file, elementId: null, rule: 'size', message }];
  if (resources.size > maximumFiles)
    return finding(`The deployment has ${resources.size} files; ${maximumFiles} are allowed. Deploy what belongs together.`);
  if (bytes > maximumBytes)
    return finding(`The deployment has ${bytes} characters; ${maximumBytes} are allowed. Deploy what belongs together.`);
  return [];
}

/** What is wrong with one file by itself; what it declares is added to `declared`. */
async function lintFile(file: string, content: string, declared: Collected): Promise<readonly Finding[]> {
  const { kind, id = '' } = kindOf(file) ?? {};
  if (file.length > 200 || !fileName.test(file))
    return refused(
      'file-name',
      'A file name has letters, digits, "_", "-", "." and "/", at most 200 of them, and no "..". Rename it.',
    );
  if (kind === undefined)
    return refused('file-kind', 'Only .bpmn, .dmn and .schema.json files are deployed. Leave this one out.');
  const twice = (what: string): readonly Finding[] =>
    refused('twice', `The deployment has another file that declares the ${what}. Leave one of them out.`);
  try {
    if (kind === 'diagram') {
      const { findings, processes } = await examine(content, { checkExpression });
      const known = processes.find(({ processId }) => declared.processes.some((each) => each.process.processId === processId));
      declared.processes.push(...processes.map((process) => ({ resourceName: file, process: plain(process) })));
      return known ? [...findings, ...twice(`process ${known.processId}`)] : findings;
    }
    if (kind === 'decision') {
      const model = await parseDecisions(content);
      const known = model.decisionIds.find((each) => declared.decisions.some(({ decisionId }) => decisionId === each));
      declared.decisions.push(...model.decisions.map((each) => ({ resourceName: file, decisionId: each.id, name: each.name })));
      return [...tableFindings(model), ...(known === undefined ? [] : twice(`decision ${known}`))];
    }
    if (new TextEncoder().encode(content).length > maximumFileBytes)
      return refused('size', `The file is larger than ${maximumFileBytes} bytes. A schema is a list of names; leave data out.`);
    if (kind === 'variables') return add(declared.variables, id, readVariables(content), twice('variables'));
    if (kind === 'form') return add(declared.forms, id, readForm(content).outputNames, twice(`form ${id}`));
    const { type, outputNames } = readJob(content);
    return add(declared.jobs, type, outputNames, twice(`job type ${type}`));
  } catch (error) {
    if (error instanceof DecisionRefused) return error.findings;
    if (error instanceof SchemaRefused) return refused(error.rule, error.message);
    return refused('readable', `The file cannot be read: ${messageOf(error)}.`);
  }
}

/** Without what executes it, which could not leave the thread. */
const plain = (process: CompiledProcess): LintedProcess['process'] =>
  Object.fromEntries(Object.entries(process).filter(([name]) => name !== 'program')) as unknown as LintedProcess['process'];

const refused = (rule: Finding['rule'], message: string): readonly Finding[] => [{ elementId: null, rule, message }];

function add<V>(map: Map<string, V>, id: string, value: V, whenKnown: readonly Finding[]): readonly Finding[] {
  if (map.has(id)) return whenKnown;
  map.set(id, value);
  return [];
}
