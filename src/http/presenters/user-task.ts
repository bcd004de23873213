import type { Presenter } from '../route.ts';
import { taskActions, withActions } from './actions.ts';

export const presentUserTask: Presenter = (task, actor) =>
  withActions(task, task['status'] === 'open' ? taskActions(actor, task as unknown as Parameters<typeof taskActions>[1]) : []);
