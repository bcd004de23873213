import { messageOf } from '../support/errors.ts';
import { createLogger } from '../support/logger.ts';
import { readConfig } from './config.ts';
import { createSandbox } from './sandbox.ts';

/** Runs the sandbox until SIGTERM or SIGINT; standard output gets one line with its address. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const sandbox = createSandbox({ ...config, logger: createLogger(config.logLevel) });
  const { url } = await sandbox.listen(config.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${config.port} of ${config.host} is taken: stop what runs there or set SANDBOX_PORT`, { cause: error });
  });
  process.stdout.write(`sandbox: payment provider and carrier at ${url}, events to ${config.webhookUrl ?? 'nobody yet'}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.close());
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
