/** A worker for Orderflow: does jobs of a type over HTTP. It needs `fetch` and nothing else of ours. */
export { call, OrderflowError, type Access, type Call } from './api.ts';
export { BpmnError, JobFailure, type Handler, type Variables, type WorkerEvent } from './handler.ts';
export { startWorker, type Worker, type WorkerSettings } from './worker.ts';
