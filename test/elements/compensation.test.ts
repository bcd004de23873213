import * as b from '../helpers/bpmn-builder.ts';
import { inner, line, refuses } from './runs.ts';

/** A job that could be undone: its compensation event, and the task that undoes it. */
const undoable = (id: string): readonly string[] => [
  b.job(id),
  b.boundary(`c-${id}`, id, b.onCompensation()),
  b.undo(`undo-${id}`),
  b.undoneBy(`c-${id}`, `undo-${id}`),
];

/** The engine under us undoes after the process has gone on, or never: what is not right is not run at all. */
describe('elements: compensation is refused', () => {
  refuses('a compensation throw event', line(b.thrown('t', b.onCompensation()), b.user('n')), 't not-supported');
  refuses(
    'a compensation throw event that names a task',
    line(b.job('a'), b.thrown('t', b.onCompensation('a')), b.user('n')),
    't not-supported',
  );
  refuses(
    'a compensation end event',
    [b.start('s'), b.user('u'), b.end('t', b.onCompensation()), b.flow('s', 'u', 't')],
    't not-supported',
  );
  refuses('a compensation boundary event', line(...undoable('a')), 'c-a not-supported');
  refuses('a task for compensation', line(...undoable('a')), 'undo-a not-supported');
  refuses(
    'compensation inside a transaction, at each of its elements',
    [
      ...line(b.transaction('tx', ...inner('i', ...undoable('a'), ...undoable('c'), b.user('t')))),
      ...b.parts(b.boundary('b', 'tx', b.onCancel()), b.user('y'), b.flow('b', 'y')),
    ],
    ...b.parts('c-a not-supported', 'undo-a not-supported', 'c-c not-supported', 'undo-c not-supported'),
  );
  refuses(
    'an event sub-process that compensation starts',
    [...line(b.user('t')), b.eventSub('esp', b.startOn('es', b.onCompensation()), b.user('u'), b.flow('es', 'u'))],
    'esp event-sub-process',
  );
});
