import * as all from './all.ts';

export * from './all.ts';

/** Every entity; test/persistence/entities.test.ts compares them with the schema that the migrations make. */
export const entities = Object.values(all);
