/**
 * The problem types this service answers with (RFC 9457 section 3.1). The code is the last segment of the `type` URI, is published
 * and is never renamed; `docs/problems.md` has a paragraph for each.
 */
export const problemTypes = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Who are you?' },
  forbidden: { status: 403, title: 'You may not do this' },
  'four-eyes': { status: 403, title: 'Nobody decides their own request' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'nobody-waits': { status: 404, title: 'Nothing waits for this message' },
  'method-not-allowed': { status: 405, title: 'This address does not know this method' },
  'task-not-open': { status: 409, title: 'The task is no longer open' },
  'task-claimed': { status: 409, title: 'Somebody else has claimed the task' },
  'wrong-state': { status: 409, title: 'The present state does not allow this' },
  'decide-the-override': { status: 409, title: 'This task is completed by deciding its override request' },
  'override-not-pending': { status: 409, title: 'The override request has been decided' },
  'business-key-active': { status: 409, title: 'An instance with this business key is running' },
  'reference-reused': { status: 409, title: 'This reference was used for something else' },
  'flag-off': { status: 409, title: 'This slice is switched off' },
  'refund-cap': { status: 409, title: 'No more can go back than has come' },
  'migration-refused': { status: 409, title: 'The process instance cannot go to that version' },
  'in-flight': { status: 409, title: 'The first request with this key is still running' },
  'step-failed': { status: 409, title: 'The process could not take this step' },
  'stale-lease': { status: 409, title: 'The lease of this job has passed to somebody else' },
  'revision-mismatch': { status: 412, title: 'It has changed since you read it' },
  'payload-too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has another media type than this call takes' },
  'validation-failed': { status: 422, title: 'The request does not fit its schema' },
  'idempotency-key-reused': { status: 422, title: 'This key was used with another request' },
  'definition-refused': { status: 422, title: 'The definition cannot be deployed' },
  suspended: { status: 423, title: 'The process instance, its process or its version is suspended' },
  'internal-error': { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'Not ready, try again' },
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable slug of a problem type. */
export type ProblemCode = keyof typeof problemTypes;
