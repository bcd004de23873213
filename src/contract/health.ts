import { z } from 'zod';

export const Liveness = z.looseObject({ status: z.literal('live') }).meta({ id: 'Liveness' });

export const Readiness = z
  .looseObject({
    status: z.literal('ready'),
    checks: z.array(z.looseObject({ name: z.string(), ok: z.boolean(), detail: z.string().exactOptional() })),
  })
  .meta({ id: 'Readiness' });
