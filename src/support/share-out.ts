/**
 * Does `work` with each item, `atOnce` of them at a time, in their order. Each of the hands takes the next item as soon as it is free: one that takes long keeps
 * nobody from the others.
 */
export async function shareOut<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const next = items[Symbol.iterator]();
  const hand = async (): Promise<void> => {
    for (let item = next.next(); item.done !== true; item = next.next()) await work(item.value);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}
