// Where the worker thread of lint-thread.ts begins: threads do not inherit the compiler, so it is registered here first.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
await import('./lint-worker.ts');
