import { deploy } from '../../commands/deploy.ts';
import { readConfig } from '../../config.ts';
import { migrate } from '../../persistence/migrate.ts';
import { processesFolder, readResources } from '../../resources.ts';
import { Problem } from '../../support/errors.ts';
import type { FileFinding } from '../../contract/finding.ts';
import { print, remark, type Command } from '../command.ts';
import { withDatabase } from '../database.ts';
import { tellFinding } from '../findings.ts';

export const command: Command = {
  operands: ['folder'],
  flags: { json: 'Answer as JSON' },
  help: `Deploys every .bpmn, .dmn and .schema.json file below the folder (left out: those that come with Orderflow) as one new version, all or
nothing. What runs stays on the version it started with. Each thing that is wrong is listed with its file and element; then nothing is deployed.`,
  run: async ({ flags, operands: [folder = processesFolder] }) => {
    const resources = await readResources(folder);
    if (resources.size === 0) throw new Error(`${folder} has no .bpmn, .dmn or .schema.json file.`);
    try {
      const { isNew, processes, decisions, findings } = await withDatabase(readConfig(process.env), async (database) => {
        await migrate(database);
        return deploy(database, resources, 'command-line');
      });
      const versions = processes.map(({ processId, version }) => `${processId} ${version}`).join(', ');
      print(
        flags.has('json')
          ? JSON.stringify({ isNew, processes, decisions, findings }, null, 2)
          : `${isNew ? 'Deployed' : 'Nothing new: the database has'} ${versions}`,
      );
      if (!flags.has('json')) for (const finding of findings) remark(tellFinding(finding));
      return 0;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'definition-refused') throw error;
      const findings = error.extensions['errors'] as readonly FileFinding[];
      print(flags.has('json') ? JSON.stringify({ findings }, null, 2) : findings.map(tellFinding).join('\n'));
      return 1;
    }
  },
};
