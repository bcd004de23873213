/** SQL of an amount as it stands in bodies. */
export const moneyJson = (amount: string, currency: string): string =>
  `jsonb_build_object('amountMinor', ${amount}, 'currency', ${currency})`;

/** SQL of an order line as it stands in bodies; `line` is the alias of its table. */
export const lineJson = (line: string, quantity: string, currency: string): string =>
  `jsonb_build_object('lineNo', ${line}.line_no, 'sku', ${line}.sku, 'quantity', ${quantity}, 'discountBp', ${line}.discount_bp, 'taxBp', ${line}.tax_bp,
     'unitPrice', ${moneyJson(`${line}.unit_price_minor`, currency)})`;
