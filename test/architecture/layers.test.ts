import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { browserSafe, layers, maxLines, outside, owners, topLevel } from './layers.ts';

const src = resolve(import.meta.dirname, '../../src');
const importPattern =
  /^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

interface SourceFile {
  readonly path: string;
  /** Folder directly below src/; undefined for the files at the top. */
  readonly layer: string | undefined;
  readonly lines: number;
  readonly imports: readonly string[];
}

const files: SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|mjs)$/.test(name))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    return {
      path,
      layer: path.includes('/') ? path.split('/')[0] : undefined,
      lines: text.split('\n').length,
      imports: [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? ''),
    };
  });

/** Path inside src/ of a relative import; undefined for a package. */
const target = (file: SourceFile, specifier: string): string | undefined =>
  specifier.startsWith('.') ? relative(src, resolve(src, dirname(file.path), specifier)) : undefined;

const wrongImports = (isWrong: (file: SourceFile, specifier: string) => boolean): string[] =>
  files.flatMap((file) =>
    file.imports.filter((specifier) => isWrong(file, specifier)).map((specifier) => `${file.path} -> ${specifier}`),
  );

describe('architecture', () => {
  it('every folder of src/ is a declared layer, every file at the top is one of the few', () => {
    const folders = new Set(files.flatMap((file) => file.layer ?? []));
    expect([...folders].filter((folder) => !(folder in layers))).to.deep.equal([]);
    expect(
      files.filter((file) => file.layer === undefined && !topLevel.includes(file.path)).map((file) => file.path),
    ).to.deep.equal([]);
  });

  it('imports follow the direction of the table', () => {
    const wrong = wrongImports(({ layer, ...file }, specifier) => {
      const path = target({ layer, ...file }, specifier);
      if (layer === undefined || path === undefined) return false;
      if (path.startsWith('../')) return !outside.some((allowed) => layer === allowed.layer && path.startsWith(allowed.path));
      if (topLevel.includes(path)) return layer !== 'cli';
      const to = path.split('/')[0] ?? '';
      return to !== layer && !layers[layer]?.includes(to);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('a framework package is imported by the folder that owns it and by nobody else', () => {
    const wrong = wrongImports(({ layer }, specifier) => {
      const owner = Object.keys(owners).find((name) => specifier === name || specifier.startsWith(`${name}/`));
      return owner !== undefined && layer !== undefined && !owners[owner]?.includes(layer);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('engine, rules and contract import nothing of Node, and no support that does', () => {
    const ofNode = new Set(
      files.filter((file) => file.imports.some((specifier) => specifier.startsWith('node:'))).map((file) => file.path),
    );
    const wrong = wrongImports(
      (file, specifier) =>
        browserSafe.includes(file.layer ?? '') && (specifier.startsWith('node:') || ofNode.has(target(file, specifier) ?? '')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('there are no import cycles', () => {
    const graph = new Map(files.map((file) => [file.path, file.imports.flatMap((specifier) => target(file, specifier) ?? [])]));
    const cycles: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'open') return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (state.get(path) === 'done') return;
      state.set(path, 'open');
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).to.deep.equal([]);
  });

  it(`no file is longer than ${maxLines} lines`, () => {
    expect(files.filter((file) => file.lines > maxLines).map((file) => `${file.path}: ${file.lines}`)).to.deep.equal([]);
  });

  it('commands know no HTTP, queue or BullMQ word', () => {
    const words = /\b(koa|ctx\.|bullmq|redis|queue\.add)\b/i;
    const wrong = files.filter((file) => file.layer === 'commands' && words.test(readFileSync(join(src, file.path), 'utf8')));
    expect(wrong.map((file) => file.path)).to.deep.equal([]);
  });
});
