import { z } from 'zod';

/** Something that this caller may do now. The answer is about the moment of reading: the command itself has the last word. */
export const Action = z
  .looseObject({ name: z.string(), method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']), href: z.string() })
  .meta({ id: 'Action', description: 'What the caller may do now.' });

export type Action = {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly href: string;
};
