import { StepFailed } from './errors.ts';
import type { Content } from './facade.ts';
import type { ProcessModel } from './model.ts';
import type { TrailEntry } from './types.ts';

/** Entries of one step: a step that is longer goes round in circles. */
const maximum = 10_000;

/** What moved in a step, in order. A boundary event is entered when it fires, not when it is armed. */
export class Trail {
  readonly entries: TrailEntry[] = [];
  /** Runs of boundary events that fired; others were only armed, and are not spoken of. */
  private readonly fired = new Set<string>();
  /** Runs that ended by themselves: left before their flows were taken. A run that was taken away leaves when the engine is done with it. */
  private readonly ended = new Set<string>();

  constructor(private readonly model: ProcessModel) {}

  /** Notes an event of the engine, if it is one that moves a token. Throws StepFailed when the step is too long. */
  note(key: string, content: Content): void {
    if (key === 'flow.take') return this.add('take', content.id, 'bpmn:SequenceFlow');
    const element = this.model.elements.get(content.id);
    if (!element) return undefined;
    const isBoundary = element.attachedTo !== undefined;
    if (key === (isBoundary ? 'activity.catch' : 'activity.enter')) {
      if (isBoundary) this.fired.add(content.executionId);
      return this.add('enter', element.id, element.type);
    }
    const leaves = key === 'activity.end' || (key === 'activity.leave' && !this.ended.has(content.executionId));
    if (!leaves || (isBoundary && !this.fired.has(content.executionId))) return undefined;
    this.ended.add(content.executionId);
    return this.add('leave', element.id, element.type);
  }

  /** Notes a BPMN error that was raised at an element. */
  error(elementId: string): void {
    this.add('error', elementId, this.model.elements.get(elementId)?.type ?? '');
  }

  private add(event: TrailEntry['event'], elementId: string, elementType: string): void {
    if (this.entries.length >= maximum)
      throw new StepFailed(elementId, `the step is longer than ${maximum} moves without coming to a wait`);
    const workflowState = this.model.elements.get(elementId)?.properties['workflowState'];
    this.entries.push({ event, elementId, elementType, ...(workflowState !== undefined && { workflowState }) });
  }
}
