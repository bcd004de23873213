import { z } from 'zod';
import { Money } from './values.ts';

export const Product = z
  .looseObject({
    sku: z.string(),
    name: z.string(),
    listPrice: Money,
    taxClass: z.string(),
    linePolicy: z.enum(['BACKORDER', 'NO_BACKORDER', 'DISCONTINUED']),
    replenishDays: z.int(),
  })
  .meta({ id: 'Product' });
