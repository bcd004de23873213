import { StepFailed } from '../engine/index.ts';
import type { Advance } from '../engine/types.ts';

/** Characters of what an instance may hold: where its tokens are, and its variables, each as JSON. */
const maximumState = 1_000_000;
const maximumVariables = 1_000_000;

/** An instance that grows with each step would slow down everybody: the step that goes too far is not taken. @throws StepFailed */
export function refuseTooLarge({ state, variables, locals }: Advance, elementId: string): void {
  if (state !== null && state.length > maximumState)
    throw new StepFailed(elementId, `the state would have ${state.length} characters; ${maximumState} are allowed`);
  const sizes = Object.entries({ ...locals, '': variables }).flatMap(([scope, values]) =>
    Object.entries(values).map(([name, value]) => ({
      name: scope === '' ? name : `${name} of ${scope}`,
      size: JSON.stringify(value).length,
    })),
  );
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= maximumVariables) return;
  const [largest] = sizes.sort((a, b) => b.size - a.size);
  throw new StepFailed(
    elementId,
    `the variables would have ${total} characters, ${largest?.name} alone ${largest?.size}; ${maximumVariables} are allowed. Keep large things elsewhere and refer to them`,
  );
}
