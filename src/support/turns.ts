/** Waited for a turn longer than was allowed. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused';
}

/**
 * Lets those who want the same thing go one after the other, in the order in which they came. The database's locks do that too, over all
 * processes; but whoever waits there holds a connection, and a crowd before one order would take them from everybody else.
 */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  /** Runs `work` when all who came before for `key` are done. @throws TurnRefused after `patienceMs` */
  async take<T>(key: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    let done: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => (done = resolve));
    const both = before ? before.then(() => mine) : mine;
    this.last.set(key, both);
    void both.then(() => this.last.get(key) === both && this.last.delete(key));
    try {
      if (before) await patiently(before, patienceMs, key);
      return await work();
    } finally {
      done();
    }
  }
}

/** Waits for `turn`; whoever gives up is passed over when the turn comes. */
async function patiently(turn: Promise<void>, patienceMs: number, key: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TurnRefused(`${key} was busy for ${patienceMs} ms.`)), patienceMs);
  });
  try {
    await Promise.race([turn, patience]);
  } finally {
    clearTimeout(timer);
  }
}
