import { z } from 'zod';
import { countStock } from '../../commands/count-stock.ts';
import { receiveStock } from '../../commands/receive-stock.ts';
import { Product } from '../../contract/product.ts';
import { listOf } from '../../contract/search.ts';
import { Stock, StockCount, StockReceipt } from '../../contract/stock.ts';
import { Sku } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { listProducts, readProduct, readStock } from '../../queries/product.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Products and stock';
const params = z.strictObject({ sku: Sku });

export const productRoutes: readonly Route[] = [
  query({
    path: '/v1/products',
    operationId: 'listProducts',
    summary: 'Every product, by SKU',
    tag,
    answer: listOf(Product),
    run: async ({ reader }) => ({ items: await listProducts(reader) }),
  }),
  query({
    path: '/v1/products/{sku}',
    operationId: 'getProduct',
    summary: 'A product',
    tag,
    params,
    answer: Product,
    problems: ['not-found'],
    run: ({ reader, params }) => readProduct(reader, params.sku),
  }),
  query({
    path: '/v1/stock/{sku}',
    operationId: 'getStock',
    summary: 'How much of a product lies where, and how much is promised',
    tag,
    params,
    answer: Stock,
    problems: ['not-found'],
    run: ({ reader, params }) => readStock(reader, params.sku),
  }),
  command({
    method: 'post',
    path: '/v1/stock/{sku}/receipts',
    operationId: 'receiveStock',
    summary: 'Goods arrive; those who wait for them are woken in order',
    tag,
    params,
    body: StockReceipt,
    answers: { 201: Stock, 200: Stock },
    problems: ['not-found', 'reference-reused'],
    roles: permissions['receive stock'],
    run: ({ deps, request, params, body }) => receiveStock(deps, request, { sku: params.sku, ...body }),
  }),
  command({
    method: 'post',
    path: '/v1/stock/{sku}/counts',
    operationId: 'countStock',
    summary: 'What really lies at a location; who was promised more than that, youngest first, waits again',
    tag,
    params,
    body: StockCount,
    answers: { 201: Stock, 200: Stock },
    problems: ['not-found', 'reference-reused'],
    roles: permissions['count stock'],
    run: ({ deps, request, params, body }) => countStock(deps, request, { sku: params.sku, ...body }),
  }),
];
