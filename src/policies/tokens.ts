/**
 * Whom a bearer token of the demo stands for: `demo-<person>`; what they may do says their row. The tokens are public; config.ts refuses demo mode in
 * production.
 */
export const demoPerson = (token: string): string | undefined => /^demo-([a-z0-9][a-z0-9._-]{0,63})$/.exec(token)?.[1];
