/** Reads what a provider did: the JSON of `GET /ledger`, an object with the list `effects`. @throws Error naming the address */
export async function fetchLedger(url: string): Promise<string> {
  const address = `${url.replace(/\/+$/, '')}/ledger`;
  let text: string;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
    text = await response.text();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('effects' in body) || !Array.isArray(body.effects))
      throw new Error('its answer has no list "effects"');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The provider's ledger at ${address} cannot be read: ${why}. Start the provider, or leave its ledger out.`, {
      cause: error,
    });
  }
  return text;
}
