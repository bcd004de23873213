import type { SerialElement, SerialFlow } from './facade.ts';

/**
 * A link event is a sequence flow that is not drawn: from every throwing link to the catching link of the same name in the same scope
 * (BPMN 2.0.2 section 10.5.6). The flow is made here, once, so that the linter, the engine and the log see it like any other.
 */
export function linkFlows(activities: readonly SerialElement[]): readonly SerialFlow[] {
  const links = activities.flatMap((element) => {
    const name = linkName(element);
    return name === undefined ? [] : [{ element, name }];
  });
  const catching = links.filter(({ element }) => element.type === 'bpmn:IntermediateCatchEvent');
  return links.flatMap(({ element, name }) => {
    const target = catching.find((each) => each.name === name && each.element.parent.id === element.parent.id);
    if (element.type !== 'bpmn:IntermediateThrowEvent' || !target) return [];
    return [linkFlow(element, target.element.id)];
  });
}

function linkName({ behaviour }: SerialElement): string | undefined {
  const definitions = (behaviour['eventDefinitions'] ?? []) as readonly { type: string; behaviour: { name?: string } }[];
  return definitions.find(({ type }) => type === 'bpmn:LinkEventDefinition')?.behaviour.name;
}

/** No id of a diagram has a `~` in it. */
const linkFlow = ({ id, parent }: SerialElement, targetId: string): SerialFlow => ({
  id: `${id}~${targetId}`,
  type: 'bpmn:SequenceFlow',
  parent,
  behaviour: {},
  sourceId: id,
  targetId,
});
