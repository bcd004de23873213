import { z } from 'zod';
import { Timestamp } from './values.ts';

const yearMs = 366 * 86_400_000;

export const ClockMove = z.strictObject({ forwardMs: z.int().min(0).max(yearMs) }).meta({ id: 'ClockMove' });

export const Clock = z.looseObject({ now: Timestamp }).meta({ id: 'Clock' });
