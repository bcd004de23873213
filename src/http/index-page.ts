import type { Person } from '../policies/people.ts';

/** What somebody sees who opens the service's address: what this is, who they can be, and commands to copy. */
export function indexPage(origin: string, people: readonly Person[], world?: string): string {
  const token = people.length > 0 ? 'demo-sales' : '<token>';
  const curl = `curl -H 'Authorization: Bearer ${token}'`;
  const introduced = people.map(({ id, does }) => `  demo-${id.padEnd(10)} ${does}`);
  return [
    'Orderflow: quotation, sale and fulfilment as diagrams and decision tables.',
    ...(world === undefined ? [] : [world]),
    '',
    ...(introduced.length > 0 ? ['You can be one of these people; the name is the bearer token.', ...introduced, ''] : []),
    'Try:',
    `  ${curl} ${origin}/v1/customers`,
    `  ${curl} ${origin}/v1/products`,
    `  ${curl} -H 'Content-Type: application/json' ${origin}/v1/quotations \\`,
    `    -d '{"customerId": "<code of a customer>", "currency": "EUR", "lines": [{"sku": "<sku of a product>", "quantity": 1}]}'`,
    `  ${curl} '${origin}/v1/user-tasks?status=open'`,
    `  ${curl} ${origin}/v1/sale-orders`,
    '',
    `Every call: ${origin}/openapi.json   Problems: ${origin}/docs/problems   Ready: ${origin}/health/ready`,
    '',
  ].join('\n');
}
