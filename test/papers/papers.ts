import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '../..');

/** Text of a file, by its path in the repository. */
export const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');

export const exists = (file: string): boolean => existsSync(path.join(repository, file));

export const foldersIn = (folder: string): string[] =>
  readdirSync(path.join(repository, folder)).filter((name) => statSync(path.join(repository, folder, name)).isDirectory());

/** Every paper that is written by hand, by its path in the repository. */
export const papers: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'processes/README.md',
  ...readdirSync(path.join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** First capture of each match, each once. */
export const matches = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? '')),
];

/** Scripts of package.json, by name. */
export const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Names of the settings that the schema of a config.ts reads. */
export const settingsOf = (configFile: string): string[] => matches(read(configFile), /^ {2}([A-Z][A-Z_]+): /gm);
