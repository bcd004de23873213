import { In } from 'typeorm';
import { Product } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** The products of these skus, by sku; what is not there is not in the map. */
export async function productsBySku(tx: Transaction, skus: readonly string[]): Promise<Map<string, Product>> {
  const products = await tx.manager.findBy(Product, { sku: In([...skus]) });
  return new Map(products.map((product) => [product.sku, product]));
}
