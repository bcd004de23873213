/** Members whose value is undefined are left out, as `exactOptionalPropertyTypes` wants it. */
export const compact = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
