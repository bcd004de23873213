#!/usr/bin/env node
// Starts the command line, which is TypeScript, from wherever it is called: the compiler's settings are those of this checkout.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
await import('../src/cli/orderflow.ts');
