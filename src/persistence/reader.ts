/** Something to read from: a transaction, or the database for a single statement. Queries take this and can therefore not write by accident. */
export interface Reader {
  query<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}
