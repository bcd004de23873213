import { readdir, readFile } from 'node:fs/promises';
import { made, type Hostile } from './made.ts';

export type { Hostile } from './made.ts';

const folder = new URL('files/', import.meta.url);

/** What keeps each file of test/corpus/files out. */
const kept: Readonly<Record<string, string>> = {
  'ad-hoc.bpmn': 'not-supported',
  'billion-laughs.bpmn': 'doctype',
  'bomb.dmn': 'doctype',
  'broken.schema.json': 'readable',
  'calls-itself.bpmn': 'call-recursion',
  'compensation-throw.bpmn': 'not-supported',
  'complex-gateway.bpmn': 'not-supported',
  'constructor-id.bpmn': 'id',
  'control-reference.bpmn': 'xml',
  'crossed-tags.bpmn': 'xml',
  'cut-off.bpmn': 'xml',
  'dangling-flow.bpmn': 'xml',
  'empty.bpmn': 'xml',
  'endless-cycle.bpmn': 'endless-cycle',
  'endless-parallel-cycle.bpmn': 'double-flow',
  'endless.dmn': 'feel',
  'entity-without-doctype.bpmn': 'doctype',
  'execution-listener.bpmn': 'not-supported',
  'external-dtd.bpmn': 'doctype',
  'external-entity.bpmn': 'doctype',
  'feel-cartesian.bpmn': 'feel',
  'feel-long.bpmn': 'feel',
  'feel-nesting.bpmn': 'feel',
  'feel-regex.bpmn': 'feel',
  'feel-syntax.bpmn': 'feel',
  'html.bpmn': 'xml',
  'huge-multi-instance.bpmn': 'feel',
  'implementation-expression.bpmn': 'not-supported',
  'java-delegate.bpmn': 'dialect',
  'javascript-condition.bpmn': 'script',
  'javascript-task.bpmn': 'script',
  'javascript.dmn': 'expression-language',
  'json.bpmn': 'xml',
  'juel-condition.bpmn': 'feel',
  'juel-mapping.bpmn': 'script',
  'list.schema.json': 'readable',
  'loop-cardinality.bpmn': 'loop',
  'lower-case-doctype.bpmn': 'doctype',
  'markup-id.bpmn': 'xml',
  'no-decision.dmn': 'decision-missing',
  'no-output.job.schema.json': 'readable',
  'no-process.bpmn': 'executable-process',
  'no-role.bpmn': 'role-known',
  'no-xml.bpmn': 'xml',
  'nonsense.schema.json': 'readable',
  'nul-reference.bpmn': 'xml',
  'parameter-entity.bpmn': 'doctype',
  'program.js': 'file-kind',
  'proto-id.bpmn': 'id',
  'proto-process.bpmn': 'id',
  'proto-variable.bpmn': 'mapping',
  'proto.schema.json': 'readable',
  'regex.dmn': 'feel',
  'regex.schema.json': 'readable',
  'remote.schema.json': 'readable',
  'requires-itself.dmn': 'decision-requirement',
  'same-id-twice.bpmn': 'xml',
  'standard-loop-for-ever.bpmn': 'loop',
  'sub-process-border.bpmn': 'flow-ends',
  'surrogate-reference.bpmn': 'xml',
  'svg.bpmn': 'xml',
  'timer-storm.bpmn': 'timer',
  'unknown-job.bpmn': 'job-type-known',
  'wait-for-ever.bpmn': 'endless-wait',
  'wrong-namespace.bpmn': 'xml',
};

/** The whole corpus. */
export async function corpus(): Promise<readonly Hostile[]> {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<Hostile> => ({
      name,
      files: [[name, new Uint8Array(await readFile(new URL(name, folder)))]],
      refusedBy: kept[name] ?? 'nothing: it is not in the list',
    })),
  );
  return [...files, ...made];
}
