import { z } from 'zod';
import { problemTypes, type ProblemCode } from './problem-types.ts';

const codes = Object.keys(problemTypes) as [ProblemCode, ...ProblemCode[]];

/** A problem document (RFC 9457). Its `type` is the page that says what to do, with the code as its fragment. */
export const ProblemDocument = z
  .looseObject({
    type: z.string().meta({ format: 'uri-reference', description: 'Page about this problem, relative to the service' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What was wrong, where, what is true now and what to do' }),
    instance: z.string().meta({ format: 'uri-reference', description: 'The address that was called' }),
    code: z.enum(codes).meta({ description: 'Stable; more may come' }),
    requestId: z.string().meta({ description: 'Names the request in our log' }),
    errors: z
      .array(
        z.looseObject({
          pointer: z
            .string()
            .exactOptional()
            .meta({ description: 'RFC 6901; left out where a file, an element and a rule say more' }),
          message: z.string(),
        }),
      )
      .exactOptional(),
    instanceId: z.string().exactOptional(),
    elementId: z.string().exactOptional(),
    incidentId: z.string().exactOptional(),
    retryAfter: z.number().exactOptional().meta({ description: 'Seconds' }),
  })
  .meta({ id: 'Problem' });

/** Address of the page about the problems; the code is its fragment. */
export const problemPage = '/docs/problems';

export const problemTypeUri = (code: ProblemCode): string => `${problemPage}#${code}`;
