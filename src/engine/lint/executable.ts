import type { Finding } from '../types.ts';
import { finding } from './finding.ts';

/** Of a file in which nothing is executable: each process that could be. `fileId` is the id of the file's root element. */
export function lintNotExecutable(fileId: string | null, processes: readonly { readonly id: string }[]): readonly Finding[] {
  if (processes.length === 0)
    return [finding(fileId, 'executable-process', 'The file has no process. Draw one, and set "Executable" in its properties.')];
  return processes.map(({ id }) =>
    finding(
      id,
      'executable-process',
      'No process of the diagram is executable. Set "Executable" in the properties of the process.',
    ),
  );
}
