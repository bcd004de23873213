import { z } from 'zod';
import { setFlag } from '../../commands/set-flag.ts';
import { Flag, FlagName, FlagSetting } from '../../contract/flag.ts';
import { listOf } from '../../contract/search.ts';
import { permissions } from '../../policies/roles.ts';
import { listFlags } from '../../queries/flag.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Flags';

export const flagRoutes: readonly Route[] = [
  query({
    path: '/v1/flags',
    operationId: 'listFlags',
    summary: 'Every flag: slices and override kinds that can be switched off',
    tag,
    answer: listOf(Flag),
    run: async ({ reader }) => ({ items: await listFlags(reader) }),
  }),
  command({
    method: 'put',
    path: '/v1/flags/{name}',
    operationId: 'setFlag',
    summary: 'Switch a flag from the next command on; what runs goes on as it began',
    tag,
    params: z.strictObject({ name: FlagName }),
    body: FlagSetting,
    answers: { 200: Flag },
    problems: ['not-found'],
    roles: permissions['switch a flag'],
    takesIfMatch: true,
    run: ({ deps, request, params, body, guard }) => setFlag(deps, request, { name: params.name, ...body, ...guard }),
  }),
];
