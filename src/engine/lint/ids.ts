import { finding, isReserved, when, type Rule } from './finding.ts';

const pattern = /^[A-Za-z_][\w.-]{0,63}$/;
const maximumElements = 2000;

/** Ids become slots, column values and parts of URLs: short, plain, and none that every JavaScript object already has. */
export const lintIds: Rule = ({ id, elements, flows }) => {
  const ids = [id, ...elements.keys(), ...flows.map((flow) => flow.id)];
  const bad = ids
    .filter((each) => !pattern.test(each) || isReserved(each))
    .map((each) =>
      finding(
        each,
        'id',
        `The id ${JSON.stringify(each)} cannot be used. An id has 1 to 64 letters, digits, "_", "-" or ".", and begins with a letter or "_".`,
      ),
    );
  const tooMany = when(
    ids.length - 1 > maximumElements,
    id,
    'size',
    `The process has ${ids.length - 1} elements and flows; ${maximumElements} are allowed. Split it with call activities.`,
  );
  return [...bad, ...tooMany];
};
