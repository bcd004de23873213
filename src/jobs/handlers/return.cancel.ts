import { internal } from '../handler.ts';
import { giveUpReturn } from './return.reject.ts';

/** Whoever wanted to return the goods keeps them. */
export const returnCancel = internal('return.cancel', giveUpReturn);
