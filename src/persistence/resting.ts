/**
 * SQL conditions of what rests, for everybody who looks for work to do. They are asked row by row, by key, and never joined: the planner knows nothing of suspensions,
 * takes a join with them for one that leaves nothing, and sorts a whole table where it should read the first two hundred rows of an index. Their aliases are words
 * that no statement around them uses: one of its own would hide what is asked about.
 */

const active = (kind: string): string =>
  `select rests.ref from orderflow.suspension rests where rests.kind = '${kind}' and rests.resumed_at is null`;

/** The instance with this id (SQL) rests: by itself, or because its process or its version of it does. False when there is none. */
export const instanceRests = (id: string): string =>
  `coalesce((select resting.suspended_at is not null or resting.process_id = any(array(${active('process')}))
              or resting.process_definition_id::text = any(array(${active('definition')}))
     from orderflow.process_instance resting where resting.id = ${id}), false)`;

/** Jobs of this type (SQL) rest. */
export const typeRests = (jobType: string): string =>
  `coalesce((select true from orderflow.suspension rests
               where rests.kind = 'job-type' and rests.ref = ${jobType} and rests.resumed_at is null), false)`;
