import type { Mutant, NamedTest } from './mutant.ts';
import type { Failure, Results } from './run-tests.ts';

/** A bug is caught by the test that has to find it, or is not. */
export type Verdict = { readonly caught: true; readonly because: string } | { readonly caught: false; readonly because: string };

/** What must not be taken for a test that fails: a service that does not run at all. */
const broken = /^(?:ReferenceError|SyntaxError|TypeError)\b|ERR_MODULE_NOT_FOUND|ERR_UNKNOWN_FILE_EXTENSION/;

/** Did the test fail that has to? It, or what is looked at after each test; neither what stands before it nor a service that is broken. */
export function judge({ caughtBy }: Mutant, { passed, failed }: Results): Verdict {
  const failure = failed.find(({ title }) => title === caughtBy.title || isAfter(title, caughtBy));
  if (failure) {
    const because = firstLine(failure);
    return { caught: !broken.test(failure.message), because };
  }
  const others = failed.map((each) => `${each.title}: ${firstLine(each)}`);
  if (others.length > 0) return { caught: false, because: others.join('; ') };
  return { caught: false, because: passed.includes(caughtBy.title) ? 'the test passes' : 'there is no such test' };
}

const isAfter = (title: string, test: NamedTest): boolean =>
  title.startsWith('"after each" hook') && title.endsWith(`for "${test.title}"`);

const firstLine = ({ message }: Failure): string => message.split('\n')[0] ?? '';

/** Tests that did not pass as they should without any bug. */
export function notGreen(tests: readonly NamedTest[], { passed, failed }: Results): string[] {
  const wrong = tests.flatMap(({ file, title }) => {
    const times = passed.filter((each) => each === title).length;
    return times === 1 ? [] : [`${file}: ${times === 0 ? 'did not pass' : `${times} tests have the title`}: ${title}`];
  });
  return [...new Set([...wrong, ...failed.map((each) => `${each.title}: ${firstLine(each)}`)])];
}
