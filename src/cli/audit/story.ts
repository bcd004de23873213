import type { Reader } from '../../persistence/reader.ts';

/** Something that happened to an instance. */
export interface StoryLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `step 4 complete s_credit by worker:credit.decide`, `CREDIT_CHECK -> RESERVING at s_reserve` */
  readonly what: string;
}

/** The last three steps and transitions of each of these instances, oldest first, by instance id. */
export async function tellStories(reader: Reader, instanceIds: readonly string[]): Promise<Map<string, StoryLine[]>> {
  const rows = await reader.query<StoryLine & { readonly instanceId: string }>(
    `select wanted.id as "instanceId", to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, line.what
       from unnest($1::uuid[]) as wanted (id)
       cross join lateral (
         (select s.revision, 1 as place, s.at, format('step %s %s %s by %s', s.revision, s.trigger, coalesce(s.element_id, '-'), s.actor) as what
            from orderflow.step s where s.instance_id = wanted.id order by s.revision desc limit 3)
         union all
         (select t.instance_revision, 1 + t.sequence, t.at, format('%s -> %s at %s', coalesce(t.from_state, 'new'), t.to_state, t.element_id)
            from orderflow.transition t where t.instance_id = wanted.id order by t.instance_revision desc, t.sequence desc limit 3)
         order by 1 desc, 2 desc limit 3) line
      order by wanted.id, line.revision, line.place`,
    [instanceIds],
  );
  const stories = new Map<string, StoryLine[]>();
  for (const { instanceId, ...line } of rows) stories.set(instanceId, [...(stories.get(instanceId) ?? []), line]);
  return stories;
}
