import { z } from 'zod';
import { ProcessInstance } from './process-instance.ts';
import { Variables } from './values.ts';

const monthMs = 31 * 86_400_000;

export const NewMessage = z
  .strictObject({
    name: z.string().min(1).max(255),
    correlationKey: z
      .string()
      .max(255)
      .default('')
      .meta({ description: 'Which instance it is for. Without one it only starts instances, a new one each time' }),
    variables: Variables.default({}),
    messageId: z.string().min(1).max(255).exactOptional().meta({ description: 'The same id is the same message' }),
    timeToLive: z.int().min(0).max(monthMs).default(0).meta({ description: 'How long it is kept when nobody waits yet, ms' }),
  })
  .refine(({ messageId, timeToLive }) => timeToLive === 0 || messageId !== undefined, {
    path: ['messageId'],
    message: 'is needed with a timeToLive, so that a repeated message is known again',
  })
  .meta({ id: 'NewMessage' });

export const MessageResult = z
  .looseObject({
    result: z.enum(['delivered', 'buffered', 'duplicate']),
    processInstance: ProcessInstance.exactOptional(),
    started: z.array(ProcessInstance).exactOptional().meta({ description: 'What it has started, if nobody waited for it' }),
  })
  .meta({ id: 'MessageResult' });
