import { isCaught } from './catching.ts';
import type { CompiledProcess } from './compile.ts';

/** Whether an event of the process catches a BPMN error that comes from the element, such as one of a process that it calls. */
export const catchesError = ({ program }: CompiledProcess, elementId: string, code: string): boolean =>
  isCaught(program.model, elementId, { kind: 'error', code });
