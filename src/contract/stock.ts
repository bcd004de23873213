import { z } from 'zod';
import { Quantity, Revision } from './values.ts';

export const StockReceipt = z
  .strictObject({
    quantity: Quantity,
    reference: z.string().trim().min(1).max(200).meta({ description: 'Delivery note; the same reference is the same receipt' }),
  })
  .meta({ id: 'StockReceipt' });

const StockLevel = z.looseObject({
  location: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  safety: z.int(),
  free: z.int(),
  revision: Revision,
});

/** How much of a product lies where, and how much is promised. */
export const Stock = z.looseObject({ sku: z.string(), levels: z.array(StockLevel), backordered: z.int() }).meta({ id: 'Stock' });
