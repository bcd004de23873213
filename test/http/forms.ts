import type { Answer, Client } from './client.ts';

/** Sends files as a browser does. */
export async function sendFiles(
  client: Client,
  path: string,
  files: Iterable<readonly [name: string, content: string | Uint8Array<ArrayBuffer>]>,
  { as = 'analyst', headers = {} }: { readonly as?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [name, content] of files) form.append('files[]', new Blob([content]), name);
  const request = new Request('http://form.test', { method: 'POST', body: form });
  const type = request.headers.get('content-type') ?? '';
  const raw = new Uint8Array(await request.arrayBuffer());
  return client.call('POST', path, { as, raw, headers: { 'Content-Type': type, ...headers } });
}
