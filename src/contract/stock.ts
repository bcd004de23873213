import { z } from 'zod';
import { Quantity, Revision } from './values.ts';

const Location = z.string().trim().min(1).max(64);

export const StockReceipt = z
  .strictObject({
    quantity: Quantity,
    location: Location.exactOptional().meta({ description: 'Left out: MAIN' }),
    reference: z.string().trim().min(1).max(200).meta({ description: 'Delivery note; the same reference is the same receipt' }),
  })
  .meta({ id: 'StockReceipt' });

export const StockCount = z
  .strictObject({
    location: Location,
    onHand: z.int().min(0).max(1_000_000_000).meta({ description: 'How many pieces really lie there' }),
    reference: z.string().trim().min(1).max(200).meta({ description: 'Count sheet; the same reference is the same count' }),
  })
  .meta({ id: 'StockCount' });

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
