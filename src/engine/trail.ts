import { StepFailed } from './errors.ts';
import type { Content } from './facade.ts';
import type { ProcessModel } from './model.ts';
import type { TrailEntry } from './types.ts';

/** Entries of one step: a step that is longer goes round in circles. */
const maximum = 10_000;

/** What moved in a step, in order. */
export class Trail {
  readonly entries: TrailEntry[] = [];
  /** Scopes that the step has had to do with. */
  scopes = 0;

  constructor(readonly model: ProcessModel) {}

  /** Notes that an element was entered or left, a flow taken, or an error raised. Throws StepFailed when the step is too long. */
  add(event: TrailEntry['event'], elementId: string): void {
    if (this.entries.length >= maximum)
      throw new StepFailed(elementId, `the step is longer than ${maximum} moves without coming to a wait`);
    const element = this.model.elements.get(elementId);
    const workflowState = element?.properties['workflowState'];
    const elementType = event === 'take' ? 'bpmn:SequenceFlow' : (element?.type ?? '');
    this.entries.push({ event, elementId, elementType, ...(workflowState !== undefined && { workflowState }) });
  }
}

/** Listens to the engine's events of one scope. A boundary event is entered when it fires, not when it is armed. */
export class ScopeTrail {
  /** Set when a terminate end event has ended the scope, and with it what runs beside its flow. */
  terminated = false;
  /** Runs of boundary events that fired; others were only armed, and are not spoken of. */
  private readonly fired = new Set<string>();
  /** Runs that ended by themselves: left before their flows were taken. A run that was taken away leaves when the engine is done with it. */
  private readonly ended = new Set<string>();

  constructor(private readonly trail: Trail) {}

  /** Notes an event of the engine, if it is one that moves a token. */
  note(key: string, content: Content): void {
    if (key === 'flow.take') return this.trail.add('take', content.id);
    const element = this.trail.model.elements.get(content.id);
    if (!element) return undefined;
    const isBoundary = element.attachedTo !== undefined;
    if (key === (isBoundary ? 'activity.catch' : 'activity.enter')) {
      if (isBoundary) this.fired.add(content.executionId);
      if (element.type === 'bpmn:EndEvent' && element.event?.kind === 'terminate') this.terminated = true;
      return this.trail.add('enter', element.id);
    }
    const leaves = key === 'activity.end' || (key === 'activity.leave' && !this.ended.has(content.executionId));
    if (!leaves || (isBoundary && !this.fired.has(content.executionId))) return undefined;
    this.ended.add(content.executionId);
    return this.trail.add('leave', element.id);
  }
}
