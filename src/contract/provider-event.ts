import { z } from 'zod';
import { anyJson } from './values.ts';

export const Provider = z.enum(['payments', 'carrier']);

/** What a provider sends (Standard Webhooks); its id and signature travel in the headers. */
export const ProviderEvent = z
  .looseObject({ type: z.string().min(1).max(255), data: z.record(z.string(), anyJson) })
  .meta({ id: 'ProviderEvent' });

export const ProviderEventResult = z
  .looseObject({ result: z.string().meta({ description: 'recorded, known, delivered, buffered or ignored' }) })
  .meta({ id: 'ProviderEventResult' });
