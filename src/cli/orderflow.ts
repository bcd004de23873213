import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../support/errors.ts';
import { UsageError, print, remark, type Command, type CommandLine } from './command.ts';

/** Every command with its line of the help text. Loaded when asked for: help needs no database driver. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<{ command: Command }> }>> = {
  start: { summary: 'Run the service (the same as npm start)', load: () => import('./commands/start.ts') },
  demo: { summary: 'Drive orders through a running service and show what happens', load: () => import('./commands/demo.ts') },
  audit: { summary: 'Prove from the database that nothing was lost or doubled', load: () => import('./commands/audit.ts') },
  migrate: { summary: 'Bring the database to the schema of this build', load: () => import('./commands/migrate.ts') },
  lint: { summary: 'Say what is wrong with diagrams, decision tables and schemas', load: () => import('./commands/lint.ts') },
  declare: {
    summary: 'Write drafts of the declarations that diagrams of other tools lack',
    load: () => import('./commands/declare.ts'),
  },
  deploy: { summary: 'Deploy diagrams, decision tables and forms of a folder', load: () => import('./commands/deploy.ts') },
  'migrate-instances': {
    summary: 'Take running instances to another version of their process',
    load: () => import('./commands/migrate-instances.ts'),
  },
  flags: { summary: 'Show which slices and override kinds are on, and switch them', load: () => import('./commands/flags.ts') },
  backfill: { summary: 'Adopt the orders of an old system', load: () => import('./commands/backfill.ts') },
  'legacy-sample': {
    summary: 'Write sample data of an old system, to try backfill with',
    load: () => import('./commands/legacy-sample.ts'),
  },
  rollout: { summary: 'Say whether events, consumers and orders keep up', load: () => import('./commands/rollout.ts') },
  doctor: {
    summary: 'List every setting and where the data lies; say what looks wrong',
    load: () => import('./commands/doctor.ts'),
  },
};

const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(18)} ${summary}`);

const overview = `Orderflow runs quotations, sale orders and fulfilments by BPMN diagrams and decision tables.

Usage: orderflow <command> [flags]        in a checkout: npm run orderflow -- <command> [flags]

${list.join('\n')}

  orderflow <command> --help   tells more about a command
  orderflow --version          says which build this is

Settings are environment variables; "orderflow doctor" lists them. Exit codes: 0 good, 1 findings or failure, 2 wrong usage.`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') return say(version());
  if (name === '--help' || name === '-h' || name === 'help') return say(overview);
  if (name === undefined) throw new UsageError(`Which command? There are ${Object.keys(commands).join(', ')}.`);
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!known) throw new UsageError(`There is no command ${name}. There are ${Object.keys(commands).join(', ')}.`);
  const { command } = await known.load();
  const line = read(name, command, rest);
  if (line.flags.has('help')) return say(`${known.summary}.\n\n${usage(name, command)}\n\n${command.help}`);
  return command.run(line);
}

/** @throws UsageError that shows how the command is used */
function read(name: string, command: Command, args: readonly string[]): CommandLine {
  const names = [...Object.keys(command.flags), 'help'];
  const valued = Object.keys(command.options ?? {});
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries([
        ...names.map((flag) => [flag, { type: 'boolean' as const }] as const),
        ...valued.map((option) => [option, { type: 'string' as const }] as const),
      ]),
      allowPositionals: true,
    });
    const tooMany = command.operands?.at(-1)?.endsWith('...') ? undefined : positionals[command.operands?.length ?? 0];
    if (tooMany !== undefined) throw new Error(`There is no room for "${tooMany}".`);
    const options = new Map(
      Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    return { flags: new Set(Object.keys(values).filter((name) => !options.has(name))), options, operands: positionals };
  } catch (error) {
    const [what] = messageOf(error).split('. '); // what follows in Node's message is about operands that begin with a dash
    throw new UsageError(`${what}\n\n${usage(name, command)}`);
  }
}

function usage(name: string, { operands = [], flags, options = {} }: Command): string {
  const words = [
    name,
    ...operands.map((operand) => `[${operand}]`),
    ...Object.keys(flags).map((flag) => `[--${flag}]`),
    ...Object.keys(options).map((option) => `[--${option} <value>]`),
  ];
  const lines = [...Object.entries(flags), ...Object.entries(options)];
  const width = Math.max(9, ...lines.map(([flag]) => flag.length));
  return [`Usage: orderflow ${words.join(' ')}`, ...lines.map(([flag, does]) => `  --${flag.padEnd(width)} ${does}`)].join('\n');
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return `orderflow ${version}`;
}

function say(text: string): 0 {
  print(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  remark(isUsage ? error.message : `orderflow ${process.argv[2] ?? ''}: ${messageOf(error)}`);
  if (isUsage) remark('"orderflow --help" tells more.');
  process.exitCode = isUsage ? 2 : 1;
}
