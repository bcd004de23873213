import type { Reader } from './reader.ts';

/** The longest pause between two attempts, s. */
const longestPause = 900;

/** After a failed attempt: what went wrong, and a pause that doubles from 5 s to 15 minutes. */
const failed = `failures = t.failures + 1, last_error = left($1, 1000),
  next_at = orderflow.now() + least(${longestPause}, 5 * 2 ^ least(t.failures, 20)) * interval '1 second'`;

/** Notes that what a message, signal or timer should have started could not be started. Nobody else hears of it: there is no instance that could have an incident. */
export const noteFailedMessageStart = (reader: Reader, messageId: string, processId: string, error: string) =>
  reader.query(`update orderflow.message_start t set ${failed} where message_id = $2 and process_id = $3 and done_at is null`, [
    error,
    messageId,
    processId,
  ]);

/** As `noteFailedMessageStart`, for what the time should have started. */
export const noteFailedTimerStart = (reader: Reader, processId: string, elementId: string, error: string) =>
  reader.query(`update orderflow.start_event t set ${failed} where process_id = $2 and element_id = $3 and due_at is not null`, [
    error,
    processId,
    elementId,
  ]);

/** Of a delivery that should have started something; for one to an instance its incident speaks. */
export const noteFailedDelivery = (reader: Reader, deliveryId: string, error: string) =>
  reader.query(`update orderflow.signal_delivery t set ${failed} where id = $2 and process_id is not null and done_at is null`, [
    error,
    deliveryId,
  ]);
