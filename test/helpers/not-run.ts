const things = new Set<string>();

/** Notes what this machine cannot test, and why; the global fixture tells it at the end of the run. */
export const notRunHere = (what: string): void => void things.add(what);

export const thingsNotRun = (): readonly string[] => [...things];
