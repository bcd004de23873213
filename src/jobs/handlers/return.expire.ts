import { internal } from '../handler.ts';
import { giveUpReturn } from './return.reject.ts';

/** The goods never came. */
export const returnExpire = internal('return.expire', giveUpReturn);
