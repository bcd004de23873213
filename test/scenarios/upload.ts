import { randomUUID } from 'node:crypto';
import type { Answer, Api } from './client.ts';

/** Sends files as one deployment, as a browser does (RFC 7578). */
export function upload(api: Api, files: ReadonlyMap<string, string>, path = '/v1/deployments'): Promise<Answer> {
  const boundary = `files-${randomUUID()}`;
  const parts = [...files].map(
    ([name, content]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="files[]"; filename="${name}"\r\n\r\n${content}\r\n`,
  );
  return api.ask('POST', path, {
    raw: `${parts.join('')}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
}
