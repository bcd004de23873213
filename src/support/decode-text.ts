/** What a file begins with when it says in which encoding it is. */
const declaration = /^(<\?xml\s[^>]*?encoding\s*=\s*["'])([\w.:-]{1,40})(["'][^>]*\?>)/;

/**
 * The text of an uploaded file: in UTF-8, in UTF-16 with its mark, or in the encoding that its XML declaration names (XML 1.0 section 4.3.3), which then
 * says UTF-8, because that is how we store and hand out texts. @throws Error that says what it is not
 */
export function decodeText(bytes: Uint8Array): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const [, , declared] = declaration.exec(head) ?? [];
  const text = decode(bytes, utf16 ?? declared ?? 'utf-8');
  return text.replace(declaration, '$1UTF-8$3');
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`is not in ${encoding.toUpperCase()}, or nobody knows that encoding. Save it in UTF-8`);
  }
}
