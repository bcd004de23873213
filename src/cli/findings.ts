import type { FileFinding } from '../contract/finding.ts';

/** A finding as one line of a terminal, as compilers write them. */
export const tellFinding = ({ file, elementId, rule, severity, message }: FileFinding): string =>
  `${file}${elementId ? ` ${elementId}` : ''}: ${severity === 'warning' ? 'warning: ' : ''}${message} (${rule})`;
