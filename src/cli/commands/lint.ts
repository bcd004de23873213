import { stat } from 'node:fs/promises';
import path from 'node:path';
import { lintBundle } from '../../commands/lint-bundle.ts';
import { processesFolder, readResource, readResources } from '../../resources.ts';
import { print, remark, UsageError, type Command } from '../command.ts';
import { tellFinding } from '../findings.ts';

export const command: Command = {
  operands: ['path...'],
  flags: { json: 'Answer as JSON' },
  help: `Reads diagrams, decision tables and schemas as a deployment would, needs no database, and says what would be refused, each with its file, element and rule.
A path is a file or a folder with everything below it; left out: the folder that comes with Orderflow. All paths together are one deployment.
Exit code 1: something would be refused. Warnings leave it 0. docs/lint has a page for each rule.`,
  run: async ({ flags, operands }) => {
    const resources = await read(operands.length > 0 ? operands : [processesFolder]);
    if (resources.size === 0) throw new UsageError(`${operands.join(' ')} has no .bpmn, .dmn or .schema.json file.`);
    const { findings } = await lintBundle(resources);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    const warnings = findings.length - errors;
    if (flags.has('json')) print(JSON.stringify({ accepted: errors === 0, files: resources.size, findings }, null, 2));
    else {
      for (const finding of findings) print(tellFinding(finding));
      remark(`${count(resources.size, 'file')}: ${errors} to repair, ${count(warnings, 'warning')}. Rules: docs/lint`);
    }
    return errors > 0 ? 1 : 0;
  },
};

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

async function read(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const resources = new Map<string, string>();
  for (const each of paths) {
    const found = await stat(each).catch(() => {
      throw new UsageError(`There is no file or folder ${each}.`);
    });
    const files = found.isDirectory() ? await readResources(each) : [[path.basename(each), await readResource(each)] as const];
    for (const [name, content] of files) resources.set(name, content);
  }
  return resources;
}
