import { type ProblemCode } from './problem-types.ts';

/** What each problem means and what to do about it: one paragraph a code, shown at `/docs/problems` and in docs/problems.md. */
export const problemAdvice: Readonly<Record<ProblemCode, string>> = {
  'malformed-request':
    'The address, a query parameter, a header or the body cannot be read: JSON that does not parse, a parameter that this call does not know, an If-Match that is not "<revision>", ' +
    'text with U+0000 or half of a surrogate pair (PostgreSQL could never store it), reserved member names, numbers beyond the range of JSON, more than 32 levels. ' +
    '`detail` names the place. Mend the request; repeating it as it is cannot succeed.',
  unauthenticated:
    'There is no bearer token, or nobody is known by it; for a provider event, the signature does not fit the body. Send `Authorization: Bearer <token>`; in demo mode `demo-<person>`.',
  forbidden: 'You are known, but none of your roles allows this. `requiredRoles` lists the roles of which one would do.',
  'four-eyes': 'You asked for this, or have decided it before. Somebody else has to decide.',
  'not-found': 'Nothing lives at this address, or nothing has this id, number, code or SKU. /openapi.json lists the addresses.',
  'nobody-waits':
    'No instance waits for a message of this name and correlation key now, and it starts none (or one with its key runs already). Send it with a `messageId` and a `timeToLive` to have it kept until somebody does.',
  'method-not-allowed': 'The address exists, the method does not. The `Allow` header lists those that do.',
  'task-not-open': 'Somebody was faster, or the process has left the task. `closedBy` and `closedAt` say who and when.',
  'task-claimed': '`assignee` has claimed the task. Ask them, or an order_admin, to release it.',
  'wrong-state':
    'The order is in another state than this call needs. `detail` says which. Read it again: `_actions` lists what you can do now.',
  'decide-the-override':
    'The task waits for the decision on the override request `overrideRequestId`. Approve or reject that; the task then completes itself.',
  'override-not-pending': 'The request was decided, has expired or is used up. `overrideStatus` says which.',
  'business-key-active': 'A business key is unique among the running instances of a process.',
  'reference-reused':
    'One reference is one movement of money or goods. It was used before, with other figures. Use the right figures, or a new reference.',
  'flag-off':
    'The flag `flag` switches this slice of the work off: the old system still does it. Do it there, or ask an operator or order_admin to switch it on (PUT /v1/flags/{name}).',
  'refund-cap':
    'More was to be refunded than was captured and has neither gone back nor is on its way (`leftMinor`). Refund at most that much.',
  'migration-refused':
    'The instance stays on its version, untouched. `obstacles` lists each reason with its element and what to do: map a removed element, or let the instance go past it first. docs/versions.md explains the rules.',
  'in-flight':
    'The first request with this Idempotency-Key has not finished. Ask again after `retryAfter` seconds: you will get its answer.',
  'step-failed':
    'The process could not go on: an expression, a decision or an error that nobody catches. Nothing was changed. `elementId` says where; `incidentId`, when there is one, is what an operator resolves.',
  'stale-lease': 'Your lease of this job has run out and somebody else has it. Drop the work.',
  'revision-mismatch': 'It has changed since you read it. Read it again, look at what is new, and send the new ETag as If-Match.',
  'payload-too-large': 'A JSON body has at most 256 kB, counted after decompression; a form with files 6 MB.',
  'unsupported-media-type': 'Send `Content-Type: application/json`, in UTF-8; files as `multipart/form-data`.',
  'validation-failed':
    'The body can be read but does not fit. `errors` lists each place as a JSON Pointer (RFC 6901) with what is wrong there.',
  'idempotency-key-reused':
    'You used this Idempotency-Key before for another request: another call, another body or another If-Match. A new request needs a new key; a retry needs the same body.',
  suspended:
    'Somebody has suspended the process instance `instanceId`, or all instances of its process or of its version: it takes no step, and its order is not changed, until that is resumed ' +
    '(`GET /v1/suspensions` says what rests, since when and why). No new instance starts on what rests. Money that arrives is recorded all the same. Repairs by an operator are taken.',
  'definition-refused':
    'Nothing was deployed. `errors` lists file, element, rule and what to change; `help` of each is the page about its rule (/docs/lint).',
  'internal-error': 'A fault of ours, and in our log under `requestId`. A retry with the same Idempotency-Key is safe.',
  unavailable:
    'The service is starting, or its database cannot be reached, or the order is busy. Nothing was lost. Try again after `retryAfter` seconds with the same Idempotency-Key.',
};
