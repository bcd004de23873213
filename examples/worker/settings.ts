/** Where the service is, and how this worker behaves; all of it can be left out. */
export const settings = {
  url: (process.env['ORDERFLOW_URL'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, ''),
  name: process.env['WORKER_NAME'] ?? 'scanner',
  /** How long scanning a document is pretended to take, ms. */
  workMs: Number(process.env['WORK_MS'] ?? 500),
  lockMs: Number(process.env['LOCK_MS'] ?? 30_000),
};
