/** 0: good. 1: it found something, or it failed. (2, wrong usage, is `UsageError`.) */
export type ExitCode = 0 | 1;

/** What was written behind the command's name. */
export interface CommandLine {
  readonly flags: ReadonlySet<string>;
  /** Values that were given, e.g. `--seed 7`, by name. */
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** One command of the command line. It writes what was asked for to standard output and everything else to standard error. */
export interface Command {
  /** Operands as the usage line shows them, all optional, e.g. `['folder']`; of `['path...']` there may be any number. */
  readonly operands?: readonly string[];
  /** Flag name -> what it does. */
  readonly flags: Readonly<Record<string, string>>;
  /** Name of an option that takes a value -> what it does. */
  readonly options?: Readonly<Record<string, string>>;
  /** What a newcomer wants to know beyond the summary. */
  readonly help: string;
  /** @throws Error whose message tells the person what to do */
  run(line: CommandLine): Promise<ExitCode>;
}

/** The command cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The number behind an option. @throws UsageError */
export function numberOption({ options }: CommandLine, name: string, whenLeftOut: number): number {
  const given = options.get(name);
  if (given === undefined) return whenLeftOut;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new UsageError(`--${name} takes a whole number; it is "${given}".`);
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** For a person who watches; never part of the result. */
export const remark = (text: string): void => void process.stderr.write(`${text}\n`);
