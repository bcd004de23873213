import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lintBundle } from '../../commands/lint-bundle.ts';
import { missingDeclarations } from '../../commands/missing-declarations.ts';
import { readResources } from '../../resources.ts';
import { print, remark, UsageError, type Command } from '../command.ts';
import { tellFinding } from '../findings.ts';

/** Rules that a draft repairs. */
const repaired = new Set(['variables-declared', 'job-type-known']);

export const command: Command = {
  operands: ['folder'],
  flags: { json: 'Answer as JSON' },
  help: `Diagrams of other tools come without the declarations that Orderflow asks for: the variables of each process and the job types. This writes a draft of each
that is missing into the folder, with every name that the diagrams use and no types, and never changes a file. Look at them, add types and defaults, then
"orderflow lint" and "orderflow deploy". Exit code 1: something else has to be repaired in the diagrams first.`,
  run: async ({ flags, operands: [folder] }) => {
    if (folder === undefined) throw new UsageError('Which folder? orderflow declare <folder with diagrams>');
    const bundle = await lintBundle(await readResources(folder));
    const others = bundle.findings.filter(({ severity, rule }) => severity === 'error' && !repaired.has(rule));
    const drafts = missingDeclarations(bundle);
    for (const [name, content] of drafts) await writeFile(path.join(folder, name), content, { flag: 'wx' });
    if (flags.has('json')) print(JSON.stringify({ written: [...drafts.keys()], findings: others }, null, 2));
    else {
      for (const name of drafts.keys()) print(path.join(folder, name));
      for (const finding of others) remark(tellFinding(finding));
      if (drafts.size === 0 && others.length === 0) remark('Nothing is missing.');
    }
    return others.length > 0 ? 1 : 0;
  },
};
