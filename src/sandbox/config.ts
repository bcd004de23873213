import { z } from 'zod';

/**
 * Signs webhooks where nobody set a secret: well known, so good for a demo on one machine and for nothing else. It says so in base64:
 * "orderflow-demo-secret-for-nobody".
 */
export const demoWebhookSecret = 'whsec_b3JkZXJmbG93LWRlbW8tc2VjcmV0LWZvci1ub2JvZHk=';

/** An empty variable counts as absent, as in docker-compose files. */
const optional = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

const schema = z.object({
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(3090),
  /** Append-only file that lets a restarted sandbox remember what it did; without it everything is forgotten. */
  SANDBOX_DATA_FILE: optional,
  /** Where events go: `<url>/payments` and `<url>/carrier`. Without it they wait until `PUT /webhook-endpoint` names one. */
  ORDERFLOW_WEBHOOK_URL: z.url().or(z.literal('')).default('http://127.0.0.1:3000/v1/provider-events'),
  ORDERFLOW_WEBHOOK_SECRET: z.string().default(demoWebhookSecret),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

/** The settings of the sandbox process. */
export interface SandboxConfig {
  readonly host: string;
  readonly port: number;
  readonly webhookUrl: string | undefined;
  readonly webhookSecret: string;
  readonly dataFile: string | undefined;
  readonly logLevel: string;
}

/** Reads all settings in one place. @throws Error that names each bad variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): SandboxConfig {
  const settings = schema.safeParse(env);
  if (!settings.success) throw new Error(`The sandbox's settings are not usable:\n${z.prettifyError(settings.error)}`);
  return {
    host: settings.data.SANDBOX_HOST,
    port: settings.data.SANDBOX_PORT,
    webhookUrl: settings.data.ORDERFLOW_WEBHOOK_URL || undefined,
    webhookSecret: settings.data.ORDERFLOW_WEBHOOK_SECRET,
    dataFile: settings.data.SANDBOX_DATA_FILE,
    logLevel: settings.data.LOG_LEVEL,
  };
}
