import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { NamedTest } from './mutant.ts';

/** What some tests came to. */
export interface Results {
  readonly passed: readonly string[];
  readonly failed: readonly Failure[];
}

export interface Failure {
  /** Of the test, or of the hook: `"after each" hook ... for "<test>"`. */
  readonly title: string;
  readonly message: string;
}

interface MochaTest {
  readonly title: string;
  readonly err: { readonly message?: string; readonly stack?: string };
}

/** How long one run may take, ms. */
const patienceMs = 300_000;

/**
 * Runs just these tests of a copy of the project, in a process of its own, on the server of `databaseUrl` (else with a server of its own).
 * @throws Error with what mocha said when the tests do not even load
 */
export async function runTests(folder: string, tests: readonly NamedTest[], databaseUrl?: string): Promise<Results> {
  const report = path.join(folder, 'mocha-report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map((test) => test.file))];
  const titles = [...new Set(tests.map((test) => literally(test.title)))].join('|');
  const mocha = path.join(folder, 'node_modules/mocha/bin/mocha.js');
  const options = ['--exit', '--reporter', 'json', '--reporter-option', `output=${report}`, '--grep', `(${titles})$`];
  const child = spawn(process.execPath, [mocha, ...options, ...files], {
    cwd: folder,
    env: { ...process.env, ...(databaseUrl !== undefined && { TEST_DATABASE_URL: databaseUrl }) },
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  await once(child, 'close');
  return read(report, complaints || `mocha ended with ${child.exitCode ?? child.signalCode}`);
}

function read(report: string, complaints: string): Results {
  let text: string;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    throw new Error(`the tests do not load: ${complaints.trim().slice(0, 2000)}`);
  }
  const { passes, failures } = JSON.parse(text) as { passes: MochaTest[]; failures: MochaTest[] };
  return {
    passed: passes.map((test) => test.title),
    failed: failures.map(({ title, err }) => ({ title, message: err.stack ?? err.message ?? '' })),
  };
}

const literally = (title: string): string => title.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
