import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { severityOf } from '../../src/contract/lint-rules.ts';
import { advance, examine, StepFailed, type CompiledProcess, type Finding } from '../../src/engine/index.ts';
import { checkExpression, createOracle } from '../../src/rules/index.ts';
import { decodeText } from '../../src/support/decode-text.ts';
import { messageOf } from '../../src/support/errors.ts';

/** What became of one file that another tool has written. */
export interface Exchanged {
  readonly file: string;
  /** Exactly as it came. */
  readonly asItIs: Outcome;
  /** The same with every process marked as executable; undefined when some were. */
  readonly executable: Outcome | undefined;
}

export interface Outcome {
  /** What refuses it; nothing when it was accepted. */
  readonly errors: readonly Finding[];
  readonly warnings: number;
  /** Of an accepted file: where each process waits after its start, or why it stopped. */
  readonly started: readonly string[];
}

/** Lints every .bpmn file of a folder and starts what is accepted. */
export async function exchange(folder: string): Promise<readonly Exchanged[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.bpmn')).sort();
  return Promise.all(names.map(async (file) => exchangeOne(file, decodeText(await readFile(path.join(folder, file))))));
}

export async function exchangeOne(file: string, xml: string): Promise<Exchanged> {
  const asItIs = await outcomeOf(xml);
  const isDrawing = asItIs.errors.some(({ rule }) => rule === 'executable-process');
  return { file, asItIs, executable: isDrawing ? await outcomeOf(markedExecutable(xml)) : undefined };
}

const markedExecutable = (xml: string): string =>
  xml
    .replaceAll(/(<(?:[\w.-]+:)?process\b[^>]*?)\s+isExecutable\s*=\s*["']\w+["']/g, '$1')
    .replaceAll(/<((?:[\w.-]+:)?process)\b(?=[\s>])/g, '<$1 isExecutable="true"');

async function outcomeOf(xml: string): Promise<Outcome> {
  const { findings, processes } = await examine(xml, { checkExpression });
  const errors = findings.filter(({ rule }) => severityOf(rule) === 'error');
  return { errors, warnings: findings.length - errors.length, started: await Promise.all(processes.map(start)) };
}

async function start(process: CompiledProcess): Promise<string> {
  const { processId, starts } = process;
  const begin = starts.find(({ kind }) => kind === 'none') ?? starts[0];
  const now = new Date('2026-01-01T00:00:00Z');
  const command = { type: 'start', variables: {}, ...(begin && { startEvent: begin.elementId }) } as const;
  try {
    const { status, opened } = await advance(process, null, command, createOracle({ decisions: [], now }), now);
    const waits = opened.map(({ elementId, kind }) => `${elementId} (${kind})`);
    return `${processId}: ${waits.length > 0 ? `waits at ${waits.join(', ')}` : status}`;
  } catch (error) {
    if (error instanceof StepFailed) return `${processId}: incident, ${messageOf(error)}`;
    throw error;
  }
}
