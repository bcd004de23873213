import type { Command } from '../command.ts';

export const command: Command = {
  flags: {},
  help: 'Runs until Ctrl-C or SIGTERM. Without settings it brings its own PostgreSQL, in .orderflow below the current folder.',
  run: async () => {
    await import('../../main.ts');
    return 0;
  },
};
