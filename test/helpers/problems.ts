import { Problem } from '../../src/support/errors.ts';

/** The problem that a command is refused with; a success or another error fails the test. */
export async function problemOf(command: Promise<unknown>): Promise<Problem> {
  try {
    await command;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the command was not refused');
}
