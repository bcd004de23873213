import { ProcessInstance } from '../../../contract/process-instance.ts';
import type { Wait } from '../../../contract/wait.ts';
import type { Stage } from '../stage.ts';
import { StoryFailed } from '../story-failed.ts';

/** Somebody does what an order asks for. */
export async function complete(
  stage: Stage,
  person: string,
  { number, waits }: { readonly number: string; readonly waits: readonly Wait[] },
  variables: object = {},
): Promise<void> {
  const task = waits.find((wait) => wait.kind === 'user');
  if (!task) throw new StoryFailed(`${number} waits for nobody.`);
  stage.say(`${number} ${person}: ${task.name ?? task.elementId}`);
  await stage.as(person).post(ProcessInstance, `/v1/user-tasks/${task.id}/completion`, { variables });
}
