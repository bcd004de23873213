import { decodeText } from '../support/decode-text.ts';
import { messageOf, Problem } from '../support/errors.ts';

/** A file of a form. */
export interface UploadedFile {
  readonly name: string;
  readonly content: string;
}

const maximumFiles = 200;
const headerEnd = Buffer.from('\r\n\r\n');
const maximumHeader = 2_000; // bytes

/**
 * The files of a `multipart/form-data` body (RFC 7578). Reads each byte once. @throws Problem malformed-request for anything but files with
 * different names
 */
export function readMultipart(contentType: string, body: Buffer): UploadedFile[] {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw refused('its Content-Type names no boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const files = new Map<string, string>();
  // the first delimiter has no line break before it
  let at = body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2)) ? delimiter.length - 2 : -1;
  if (at < 0) throw refused('it does not begin with its boundary');
  while (!body.subarray(at, at + 2).equals(Buffer.from('--'))) {
    if (files.size >= maximumFiles) throw refused(`it has more than ${maximumFiles} files`);
    const begin = body.indexOf(headerEnd, at);
    const end = begin < 0 ? -1 : body.indexOf(delimiter, begin + 2);
    if (end < 0 || begin - at > maximumHeader) throw refused('a part of it does not end');
    const name = fileNameOf(body.subarray(at, begin).toString('utf8'));
    if (files.has(name)) throw refused(`it has two files called ${name}`);
    files.set(name, textOf(name, body.subarray(begin + headerEnd.length, Math.max(end, begin + headerEnd.length))));
    at = end + delimiter.length;
  }
  return [...files].map(([name, content]) => ({ name, content }));
}

function fileNameOf(headers: string): string {
  const [, disposition = ''] = /^content-disposition:(.*)$/im.exec(headers) ?? [];
  const [, name] = /;\s*filename="([^"]*)"/i.exec(disposition) ?? [];
  if (name) return name;
  const [, field = ''] = /;\s*name="([^"]*)"/i.exec(disposition) ?? [];
  throw refused(`the part "${field}" is no file; send each file as files[] with its name`);
}

function textOf(name: string, bytes: Buffer): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw refused(`${name} ${messageOf(error)}`);
  }
}

const refused = (why: string): Problem => new Problem('malformed-request', `The form cannot be read: ${why}.`);
