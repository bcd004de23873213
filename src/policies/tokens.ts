import type { Actor } from './actor.ts';
import { demoPeople } from './people.ts';

const demoActors: ReadonlyMap<string, Actor> = new Map(demoPeople.map(({ id, roles }) => [`demo-${id}`, { id, roles }]));

/** Who a bearer token of the demo stands for: `demo-<person>`. The tokens are public; config.ts refuses demo mode in production. */
export const demoActor = (token: string): Actor | undefined => demoActors.get(token);
