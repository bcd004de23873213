import { readConfig, type Config } from '../../config.ts';
import { messageOf } from '../../support/errors.ts';
import { print, type Command } from '../command.ts';
import { lookAtService } from '../doctor/service.ts';
import { lookAtDatabase } from '../doctor/database.ts';
import { settingsOf, type Setting } from '../doctor/settings.ts';

/** What the doctor answers; `--json` has the same members. */
interface Diagnosis {
  readonly settings: readonly Setting[];
  /** Name -> how it is. */
  readonly facts: Readonly<Record<string, string>>;
  /** What looks wrong, each with what to do. */
  readonly findings: readonly string[];
}

export const command: Command = {
  flags: { json: 'Answer as JSON' },
  help: `Lists every setting with its value and where that comes from (passwords and secrets are not shown), tells where the data lies, which PostgreSQL
and which queue are used and whether the service answers, and says what looks wrong. Exit code 1 when something does. It changes nothing.`,
  run: async ({ flags }) => {
    const diagnosis = await diagnose(process.env);
    print(flags.has('json') ? JSON.stringify(diagnosis, null, 2) : tell(diagnosis));
    return diagnosis.findings.length === 0 ? 0 : 1;
  },
};

async function diagnose(env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    return { settings: [], facts: {}, findings: [messageOf(error)] };
  }
  const [database, service] = await Promise.all([lookAtDatabase(config), lookAtService(config)]);
  return {
    settings: settingsOf(config, env),
    facts: { node: process.version, ...database.facts, ...service.facts },
    findings: [...contradictions(config), ...database.findings, ...service.findings],
  };
}

/** Settings that do not go together. */
function contradictions(config: Config): string[] {
  const { demo, host, roles, providersUrl, webhookSecrets } = config;
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(host);
  return [
    demo &&
      !isLoopback &&
      `Demo mode is on and HOST is ${host}: whoever reaches this machine can sign in as any demo person. Set HOST=127.0.0.1 or ORDERFLOW_DEMO=false.`,
    roles.has('worker') &&
      !demo &&
      providersUrl === undefined &&
      'The role worker needs PROVIDERS_URL, the address of the payment provider and carrier; without it the service does not start.',
    roles.has('api') &&
      webhookSecrets.length === 0 &&
      'ORDERFLOW_WEBHOOK_SECRET is not set: no event of a provider can be verified, so all are refused.',
  ].filter((finding) => finding !== false);
}

function tell({ settings, facts, findings }: Diagnosis): string {
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  const lines = settings.flatMap(({ name, value, origin, what }) => [
    `  ${name.padEnd(width)}  ${value}  (${origin})`,
    `  ${' '.repeat(width)}  ${what}`,
  ]);
  const known = Object.entries(facts).map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`);
  const wrong =
    findings.length === 0 ? ['Nothing looks wrong.'] : ['What looks wrong:', ...findings.map((finding) => `  - ${finding}`)];
  return [...(lines.length > 0 ? ['Settings', ...lines, '', 'Facts', ...known, ''] : []), ...wrong].join('\n');
}
