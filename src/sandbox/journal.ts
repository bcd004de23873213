import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Lines of JSON that are only ever appended. One line is one thing that happened, so a process killed while writing leaves at most a
 * torn last line, which never was answered for and is cut off. Written through to the operating system, not to the disk: it survives
 * `kill -9`, not a power failure; a pretended provider needs no more.
 */
export interface Journal<Line> {
  append(line: Line): void;
  close(): void;
}

/** A journal that forgets. */
export const memoryJournal: Journal<unknown> = { append: () => undefined, close: () => undefined };

/** Opens or makes the file and hands every whole line to `replay`, oldest first. @throws Error naming the line that is no JSON. */
export function openJournal<Line>(path: string, replay: (line: Line) => void): Journal<Line> {
  mkdirSync(dirname(path), { recursive: true });
  const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const whole = content.subarray(0, content.lastIndexOf('\n') + 1);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) replay(parse(path, index + 1, line) as Line);
  const file = openSync(path, 'a');
  if (whole.length < content.length) ftruncateSync(file, whole.length);
  return {
    append: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  };
}

function parse(path: string, number: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${path}, line ${number}, is not JSON: repair the line or remove the file, which makes the sandbox forget`, {
      cause: error,
    });
  }
}
