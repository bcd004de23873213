import { parseExpression, parseUnaryTests } from 'feelin';
import { FeelFault } from './evaluation-failed.ts';

/** Which of the two FEEL notations a text is in: `a > 3`, or the cell of a decision table: `> 3, [10..20]`. */
export type Notation = 'expression' | 'unary tests';

/** A node of the syntax tree: `kind` is the name of the rule in the lezer-feel grammar, `parts` its children without comments. */
export interface Syntax {
  readonly kind: string;
  readonly text: string;
  readonly parts: readonly Syntax[];
}

type TreeNode = ReturnType<typeof parseExpression>['topNode'];

/** Characters of one expression. */
export const MAX_LENGTH = 2048;
/** Levels of brackets, calls, `if`, `for` ... inside one another. */
export const MAX_NESTING = 32;

const NESTING = new Set([
  'ParenthesizedExpression',
  'List',
  'Context',
  'PositionalParameters',
  'NamedParameters',
  'IfExpression',
  'ForExpression',
  'QuantifiedExpression',
  'FilterExpression',
]);

/**
 * Parses without knowing any variable, so that what a text means depends on the text alone.
 * @throws FeelFault for a syntax error, too long or too deep a text
 */
export function parse(text: string, notation: Notation): Syntax {
  if (text.trim() === '') throw new FeelFault('is empty: write a FEEL expression');
  if (text.length > MAX_LENGTH) {
    throw new FeelFault(
      `has ${text.length} characters; at most ${MAX_LENGTH} are allowed: move part of it into a decision table`,
    );
  }
  const tree = notation === 'expression' ? parseExpression(text, {}, undefined) : parseUnaryTests(text, {}, undefined);
  return syntaxOf(tree.topNode, text, 0);
}

function syntaxOf(node: TreeNode, text: string, nesting: number): Syntax {
  if (node.type.isError) throw syntaxError(node, text);
  if (nesting > MAX_NESTING) throw new FeelFault(`is nested more than ${MAX_NESTING} levels deep: split it`);
  const parts: Syntax[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!child.type.isSkipped || child.type.isError)
      parts.push(syntaxOf(child, text, nesting + (NESTING.has(node.name) ? 1 : 0)));
  }
  return { kind: node.name, text: text.slice(node.from, node.to), parts };
}

function syntaxError(node: TreeNode, text: string): FeelFault {
  const rest = text.slice(node.from).trim();
  if (rest === '') return new FeelFault('is not complete: something is missing at its end');
  return new FeelFault(
    `cannot be read from character ${node.from + 1} on, at "${rest.slice(0, 30)}": check the spelling and the brackets`,
  );
}

/** The name that a VariableName, PathName, Key or ParameterName spells; spaces between its words count as one. */
export const nameOf = (node: Syntax): string => node.text.trim().replace(/\s+/g, ' ');

/** The part at `index`; the grammar guarantees that it is there. */
export function part(node: Syntax, index: number): Syntax {
  const found = node.parts.at(index);
  if (!found) throw new FeelFault(`cannot be read: ${node.kind} "${node.text}" is not complete`);
  return found;
}

/** Whether `node` or something below it satisfies `test`. */
export const contains = (node: Syntax, test: (node: Syntax) => boolean): boolean =>
  test(node) || node.parts.some((child) => contains(child, test));
