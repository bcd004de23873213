import { fillDemoWorld, type Fill } from './cli/demo/fill.ts';
import { stories } from './cli/demo/stories/index.ts';
import { compose, type Service } from './compose.ts';
import { readConfig, type Config } from './config.ts';
import { demoPeople } from './policies/people.ts';
import { messageOf } from './support/errors.ts';
import { createLogger } from './support/logger.ts';

/** How long finishing may take after SIGTERM before the process gives up, ms. */
const drainMs = 25_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const service = await compose(config, logger);
  let fill: Fill | undefined;
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130); // asked twice: at once
      stopping = true;
      process.stdout.write('\nFinishing what is at hand ...\n');
      setTimeout(() => process.exit(1), drainMs).unref();
      finish(service, fill).then(
        () => process.stdout.write('Stopped.\n'),
        (error: unknown) => {
          process.stderr.write(`${messageOf(error)}\n`);
          process.exitCode = 1;
        },
      );
    });
  }
  const seconds = (performance.now() / 1000).toFixed(1);
  process.stdout.write(`${welcome(service.url, service.dataDir, service.queue, [...config.roles], seconds, config.demo)}\n`);
  if (!stopping) fill = beginFill(config, service);
}

async function finish(service: Service, fill: Fill | undefined): Promise<void> {
  await fill?.stop();
  await service.stop();
}

/** Orders for whoever looks at the demo world; in the background, as the service answers already. */
function beginFill(config: Config, { url, deps }: Service): Fill | undefined {
  if (!config.demoOrders || url === undefined) return undefined;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return fillDemoWorld({ url: reachable(url), database: deps.database, config, say });
}

/** Where a service that listens on every address is found on its own machine. */
const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

function welcome(
  url: string | undefined,
  dataDir: string | undefined,
  queue: string,
  roles: readonly string[],
  seconds: string,
  demo: boolean,
): string {
  const lines = [
    `Orderflow is running${url === undefined ? '' : ` at ${url}`}  (${roles.join(', ')}; ready after ${seconds} s)`,
    `  data    ${dataDir === undefined ? 'the PostgreSQL of DATABASE_URL' : `embedded PostgreSQL in ${dataDir}`}, queue on ${queue}`,
  ];
  if (demo && url !== undefined) {
    lines.push(
      '  people  the bearer token is demo-<name>:',
      ...demoPeople.map((person) => `            ${person.id.padEnd(10)} ${person.does} (${person.roles.join(', ')})`),
      `  try     ${url.endsWith(':3000') ? '' : `ORDERFLOW_URL=${url} `}npm run demo   ${stories.length} stories: orders from quotation to delivery and back`,
      `          curl -H 'Authorization: Bearer demo-sales' ${url}/v1/products`,
      `          ${url}/openapi.json`,
      '  stop    Ctrl-C',
    );
  }
  return lines.join('\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`Orderflow cannot start: ${messageOf(error)}\n`);
  process.exit(1);
});
