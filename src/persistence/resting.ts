/**
 * SQL conditions of what rests, for everybody who looks for work to do. They are asked row by row, by key, and never joined: the planner knows nothing of suspensions,
 * takes a join with them for one that leaves nothing, and sorts a whole table where it should read the first two hundred rows of an index.
 */

const active = (kind: string): string =>
  `select s.ref from orderflow.suspension s where s.kind = '${kind}' and s.resumed_at is null`;

/** The instance with this id (SQL) rests: by itself, or because its process or its version of it does. False when there is none. */
export const instanceRests = (id: string): string =>
  `coalesce((select i.suspended_at is not null or i.process_id = any(array(${active('process')})) or i.process_definition_id::text = any(array(${active('definition')}))
     from orderflow.process_instance i where i.id = ${id}), false)`;

/** Jobs of this type (SQL) rest. */
export const typeRests = (jobType: string): string =>
  `coalesce((select true from orderflow.suspension s where s.kind = 'job-type' and s.ref = ${jobType} and s.resumed_at is null), false)`;
