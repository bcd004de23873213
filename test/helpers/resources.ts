import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from '../../src/commands/definitions.ts';

const folder = new URL('../../processes/', import.meta.url);

/** The shipped diagrams, tables and schemas. */
export const shippedResources = (): Resources =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(bpmn|dmn|schema\.json)$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  );
