/** What the provider calls the captures of S-000001 and S-000002, and the payments that they belong to. */
export interface ProviderWorld {
  readonly captures: readonly [string, string];
  readonly intents: readonly [string, string];
}
