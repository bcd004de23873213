import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';

/** A new UUIDv7 (RFC 9562): unique, and sorts by the time it was made. */
export const newId = (): string => uuidv7();

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** Hex SHA-256 of UTF-8 text. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
