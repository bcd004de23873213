import { finding, isReserved, type Rule } from './finding.ts';

const pattern = /^[A-Za-z_][\w.-]{0,63}$/;

/** Ids become slots, column values and parts of URLs: short, plain, and none that every JavaScript object already has. */
export const lintIds: Rule = ({ id, elements, flows }) => {
  const ids = [id, ...elements.keys(), ...flows.filter(({ isLink }) => !isLink).map((flow) => flow.id)];
  return ids
    .filter((each) => !pattern.test(each) || isReserved(each))
    .map((each) =>
      finding(
        each,
        'id',
        `The id ${JSON.stringify(each)} cannot be used. An id has 1 to 64 letters, digits, "_", "-" or ".", and begins with a letter or "_".`,
      ),
    );
};
