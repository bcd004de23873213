import type { Finding } from '../types.ts';
import { finding } from './finding.ts';

const maximumBytes = 1_000_000;
/** Processes, executable or not. */
const maximumProcesses = 50;

/** Levels of XML elements; a diagram with 20 levels of sub-processes has 50. */
const maximumDepth = 100;

/** References to characters that XML does not allow: parsers let them pass, and PostgreSQL could never store them. */
const forbiddenReference = /&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f])|x0*d[89a-f][\da-f]{2}|x0*fff[ef]);/i;
// eslint-disable-next-line no-control-regex
const forbiddenCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** What can be judged before the XML is parsed: its size, and constructs that have no place in a diagram. */
export function lintText(xml: string): readonly Finding[] {
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes > maximumBytes) {
    return [
      finding(
        null,
        'size',
        `The file has ${bytes} bytes; a diagram may have ${maximumBytes}. Split the process with call activities.`,
      ),
    ];
  }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) {
    return [
      finding(null, 'doctype', 'The file declares a DOCTYPE or an ENTITY, which no BPMN diagram needs. Remove the declaration.'),
    ];
  }
  if (forbiddenCharacter.test(xml) || forbiddenReference.test(xml) || !xml.isWellFormed()) {
    return [finding(null, 'xml', 'The file has a character that XML does not allow, such as U+0000. Remove it.')];
  }
  const processes = xml.match(/<(?:[\w.-]+:)?process[\s/>]/g)?.length ?? 0;
  if (processes > maximumProcesses) {
    return [
      finding(
        null,
        'size',
        `The file has ${processes} processes; ${maximumProcesses} are allowed. Put each into a file of its own.`,
      ),
    ];
  }
  if (isDeeperThan(maximumDepth, xml)) {
    return [finding(null, 'size', `The XML is nested more than ${maximumDepth} levels deep. Use fewer levels of sub-processes.`)];
  }
  return [];
}

/** Counts opening and closing tags; what stands in comments and quoted text may be counted too, so only far too much is refused. */
function isDeeperThan(limit: number, xml: string): boolean {
  let depth = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    const next = xml.charCodeAt(at + 1);
    if (next === 0x2f) depth--;
    else if (next !== 0x21 && next !== 0x3f) {
      const end = xml.indexOf('>', at);
      if (end < 0) return false;
      if (xml.charCodeAt(end - 1) !== 0x2f && ++depth > limit) return true;
    }
  }
  return false;
}
