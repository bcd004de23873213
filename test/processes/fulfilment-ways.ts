import type { JsonObject } from '../../src/support/json.ts';
import { allDone, done, error, later, message, timer, type Happening, type Way } from './walk.ts';

/** What a fulfilment is started with. */
export const fulfilmentGiven: JsonObject = {
  fulfilment: { id: 'f', number: 'F-000001', saleId: 's', location: 'MAIN', backorderOfId: null },
};

const released = (outcome: string): Happening => done('f_release', { release: { outcome, reason: null } });
const picked = (pickedQty: number, shortQty = 0): Happening => done('f_pick', { pick: { pickedQty, shortQty } });
const answered = (choice: string): Happening => done('f_bo_decision', { backorder: { choice } });
const resolved = (resolution: string): Happening => done('f_exception', { exception: { resolution } });
const counted = (open: number, more: JsonObject = {}): Happening =>
  done('f_rollup', { returns: { open, allReturned: false, windowOpen: true, ...more } });

const short = [error('f_allocate', 'OUT_OF_STOCK'), done('f_backorder')];
const toPick = [done('f_allocate'), released('RELEASE')];
const toPack = [...toPick, picked(2)];
const toBook = [...toPack, done('f_pack')];
const toPost = [...toBook, done('f_book')];
const shipped = [...toPost, ...allDone('f_post', 'f_capture')];
const arrived = [message('f_transit'), done('f_deliver', { returnWindow: { endsAt: later } })];
const delivered = [...shipped, ...arrived];
const over = [timer('f_window_end'), counted(0, { windowOpen: false }), done('f_complete')];
const undone = done('f_undo');
const giveUp = [timer('f_b_bo_review'), answered('CANCEL'), done('f_cancel_lines', { prep: { result: 'CANCELLED' } }), undone];

const line = 'ALLOCATING > PICKING > PACKING > SHIPPED';

/** Every way through fulfilment.bpmn that its owners have thought of; the numbers are those of the acceptance scenarios. */
export const fulfilmentWays: Readonly<Record<string, Way>> = {
  'allocated, picked, packed, shipped, delivered, kept': {
    happenings: [...delivered, ...over],
    states: `${line} > DELIVERED > COMPLETED`,
  },
  'a backorder whose stock arrives (19, 20)': {
    happenings: [...short, message('f_backordered'), ...delivered, ...over],
    states: `ALLOCATING > BACKORDERED > ${line} > DELIVERED > COMPLETED`,
  },
  'a backorder that waits (20)': { happenings: short, states: 'ALLOCATING > BACKORDERED', at: ['f_backordered'] },
  'some short: the rest is split off, this one ships (23)': {
    happenings: [...toPick, picked(1, 1), ...allDone('f_split', 'f_pack', 'f_book', 'f_post', 'f_capture')],
    states: line,
    at: ['f_transit'],
  },
  'nothing on the shelf: backordered as a whole': {
    happenings: [...toPick, picked(0, 2), done('f_backorder')],
    states: 'ALLOCATING > PICKING > BACKORDERED',
    at: ['f_backordered'],
  },
  'held at the release check, released later (24)': {
    happenings: [
      ...short,
      message('f_backordered'),
      done('f_allocate'),
      released('HOLD'),
      message('f_hold'),
      released('RELEASE'),
    ],
    states: 'ALLOCATING > BACKORDERED > ALLOCATING > ON_HOLD > PICKING',
    at: ['f_pick'],
  },
  'held, asked again after four hours, still held': {
    happenings: [done('f_allocate'), released('HOLD'), timer('f_b_hold'), released('HOLD')],
    states: 'ALLOCATING > ON_HOLD',
    at: ['f_hold'],
  },
  'the capture fails when the goods have gone (25)': {
    happenings: [...toPost, done('f_post'), error('f_capture', 'CAPTURE_FAILED'), done('f_receivable'), ...arrived],
    states: `${line} > DELIVERED`,
    at: ['f_ret_req', 'f_window_end'],
  },
  'cancelled while it is picked (42)': {
    happenings: [...toPick, message('f_b_cancel'), undone],
    states: 'ALLOCATING > PICKING > CANCELLING > CANCELLED',
  },
  'cancelled in the moment before the goods leave (26)': {
    happenings: [...toPost, error('f_post', 'CANCEL_REQUESTED'), undone],
    states: 'ALLOCATING > PICKING > PACKING > CANCELLING > CANCELLED',
  },
  'a return while others may still come (27)': {
    happenings: [...delivered, message('f_ret_req'), counted(1), message('f_returns'), counted(0)],
    states: `${line} > DELIVERED > RETURN_REQUESTED > DELIVERED`,
    at: ['f_ret_req', 'f_window_end'],
  },
  'two returns at once, then everything is back (28)': {
    happenings: [
      ...delivered,
      message('f_ret_req'),
      counted(2),
      message('f_returns'),
      counted(1),
      message('f_returns'),
      counted(0, { allReturned: true }),
    ],
    states: `${line} > DELIVERED > RETURN_REQUESTED > RETURNED`,
  },
  'a return that is still open when the window closes': {
    happenings: [
      ...delivered,
      timer('f_window_end'),
      counted(1, { windowOpen: false }),
      message('f_returns'),
      counted(0, { windowOpen: false }),
      done('f_complete'),
    ],
    states: `${line} > DELIVERED > RETURN_REQUESTED > COMPLETED`,
  },
  'the carrier rejects the address; later the goods are lost (34)': {
    happenings: [
      ...toBook,
      error('f_book', 'CARRIER_REJECTED'),
      done('f_fix'),
      ...allDone('f_book', 'f_post', 'f_capture'),
      message('f_b_exc'),
      resolved('LOST'),
      done('f_lost'),
    ],
    states: 'ALLOCATING > PICKING > PACKING > SHIPPING_EXCEPTION > SHIPPED > DELIVERY_EXCEPTION > LOST',
  },
  'delivered at the second attempt': {
    happenings: [...shipped, message('f_b_exc'), resolved('DELIVER_AGAIN'), ...arrived],
    states: `${line} > DELIVERY_EXCEPTION > SHIPPED > DELIVERED`,
    at: ['f_ret_req', 'f_window_end'],
  },
  'returned to sender': {
    happenings: [...shipped, message('f_b_exc'), resolved('RETURN_TO_SENDER'), done('f_rts')],
    states: `${line} > DELIVERY_EXCEPTION > RETURNED`,
  },
  'nothing heard of it: traced, and delivered all the same': {
    happenings: [...shipped, timer('f_b_silence'), ...arrived, done('f_trace'), ...over],
    states: `${line} > DELIVERED > COMPLETED`,
  },
  'a backorder that the customer gives up (35)': {
    happenings: [...short, ...giveUp],
    states: 'ALLOCATING > BACKORDERED > BACKORDER_REVIEW > CANCELLING > CANCELLED',
  },
  'a backorder that the customer keeps, and gives up two weeks later': {
    happenings: [...short, timer('f_b_bo_review'), answered('KEEP'), ...giveUp],
    states: 'ALLOCATING > BACKORDERED > BACKORDER_REVIEW > BACKORDERED > BACKORDER_REVIEW > CANCELLING > CANCELLED',
  },
  'one task done by the first of two people (38)': {
    happenings: toPack,
    states: 'ALLOCATING > PICKING > PACKING',
    at: ['f_pack'],
  },
  'a stock count takes the goods away while they are picked (54)': {
    happenings: [...toPick, message('f_b_dealloc'), ...short],
    states: 'ALLOCATING > PICKING > ALLOCATING > BACKORDERED',
    at: ['f_backordered'],
  },
  'a stock count takes the goods away after they were packed': {
    happenings: [...toPost, error('f_post', 'OUT_OF_STOCK'), ...short, message('f_backordered'), ...delivered, ...over],
    states: `ALLOCATING > PICKING > PACKING > ALLOCATING > BACKORDERED > ${line} > DELIVERED > COMPLETED`,
  },
};
