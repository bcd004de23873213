import { z } from 'zod';
import {
  addHoliday,
  changeCalendar,
  changeCommercialPeriod,
  createCalendar,
  removeHoliday,
} from '../../commands/change-calendar.ts';
import {
  Calendar,
  CalendarChange,
  CommercialPeriod,
  CommercialPeriodChange,
  Holiday,
  NewCalendar,
} from '../../contract/calendar.ts';
import { listOf } from '../../contract/search.ts';
import { permissions } from '../../policies/roles.ts';
import { readCalendar, readCalendars, readCommercialPeriod, readCommercialPeriods } from '../../queries/calendar.ts';
import { command } from '../command-route.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Commercial time';
const params = z.strictObject({ id: z.string().min(1).max(64).meta({ description: '`company` is that of commercial periods' }) });
const dayParams = z.strictObject({ ...params.shape, date: z.iso.date() });
const periodParams = z.strictObject({ name: z.string().min(1).max(64) });
const change = {
  tag,
  answers: { 200: Calendar },
  problems: ['not-found'],
  roles: permissions['change the calendar'],
  takesIfMatch: true,
} as const;

export const calendarRoutes: readonly Route[] = [
  query({
    path: '/v1/calendars',
    operationId: 'listCalendars',
    summary: 'The calendars that timers can name',
    tag,
    answer: listOf(Calendar),
    run: async ({ reader }) => ({ items: await readCalendars(reader) }),
  }),
  command({
    method: 'post',
    path: '/v1/calendars',
    operationId: 'createCalendar',
    summary: 'Make a calendar for timers with the property `calendar`',
    tag,
    body: NewCalendar,
    answers: { 201: Calendar },
    problems: ['reference-reused'],
    roles: permissions['change the calendar'],
    run: ({ deps, request, body }) => createCalendar(deps, request, body),
  }),
  query({
    path: '/v1/calendars/{id}',
    operationId: 'getCalendar',
    summary: 'The days on which time runs for deadlines',
    tag,
    params,
    answer: Calendar,
    problems: ['not-found'],
    run: ({ reader, params }) => readCalendar(reader, params.id),
  }),
  command({
    ...change,
    method: 'put',
    path: '/v1/calendars/{id}',
    operationId: 'changeCalendar',
    summary: 'Replace the weekend of a calendar; open deadlines move with it',
    params,
    body: CalendarChange,
    run: ({ deps, request, params, body, guard }) => changeCalendar(deps, request, { calendarId: params.id, ...body, ...guard }),
  }),
  command({
    ...change,
    method: 'post',
    path: '/v1/calendars/{id}/holidays',
    operationId: 'addHoliday',
    summary: 'Add a day without work; open deadlines move with it',
    params,
    body: Holiday,
    run: ({ deps, request, params, body, guard }) => addHoliday(deps, request, { calendarId: params.id, ...body, ...guard }),
  }),
  command({
    ...change,
    method: 'delete',
    path: '/v1/calendars/{id}/holidays/{date}',
    operationId: 'removeHoliday',
    summary: 'Take a holiday away; open deadlines move with it',
    params: dayParams,
    run: ({ deps, request, params, guard }) =>
      removeHoliday(deps, request, { calendarId: params.id, date: params.date, ...guard }),
  }),
  query({
    path: '/v1/commercial-periods',
    operationId: 'listCommercialPeriods',
    summary: 'How long things may take, in hours of working time',
    tag,
    answer: listOf(CommercialPeriod),
    run: async ({ reader }) => ({ items: await readCommercialPeriods(reader) }),
  }),
  query({
    path: '/v1/commercial-periods/{name}',
    operationId: 'getCommercialPeriod',
    summary: 'How long something may take',
    tag,
    params: periodParams,
    answer: CommercialPeriod,
    problems: ['not-found'],
    run: ({ reader, params }) => readCommercialPeriod(reader, params.name),
  }),
  command({
    method: 'put',
    path: '/v1/commercial-periods/{name}',
    operationId: 'changeCommercialPeriod',
    summary: 'Change a period for what is planned from now on',
    tag,
    params: periodParams,
    body: CommercialPeriodChange,
    answers: { 200: CommercialPeriod },
    problems: ['not-found'],
    roles: permissions['change the calendar'],
    takesIfMatch: true,
    run: ({ deps, request, params, body, guard }) =>
      changeCommercialPeriod(deps, request, { name: params.name, ...body, ...guard }),
  }),
];
