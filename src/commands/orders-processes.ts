/** Processes that move orders, with how an order comes into being; their instances start with the order, and by nothing else. */
export const ordersProcesses: ReadonlyMap<string, string> = new Map([
  ['quotation', 'POST /v1/quotations'],
  ['sale', 'POST /v1/sale-orders'],
  ['fulfilment', 'nothing: a cleared sale hands over to it by itself'],
  ['return', 'POST /v1/fulfilments/{id}/returns'],
]);
