import { z } from 'zod';
import { Money } from './values.ts';

export const Product = z
  .looseObject({
    sku: z.string(),
    name: z.string(),
    listPrice: Money,
    taxClass: z.string(),
    restricted: z.boolean().meta({ description: 'Sold only with an approval' }),
    goodsClass: z.enum(['STANDARD', 'CUSTOM_MADE', 'PERISHABLE']),
    linePolicy: z.enum(['BACKORDER', 'NO_BACKORDER', 'DISCONTINUED']),
    replenishDays: z.int(),
  })
  .meta({ id: 'Product' });
