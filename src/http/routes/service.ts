import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Liveness, Readiness } from '../../contract/health.ts';
import { lintPage } from '../../contract/lint-rules.ts';
import { problemPage } from '../../contract/problem.ts';
import { messageOf, Problem } from '../../support/errors.ts';
import { indexPage } from '../index-page.ts';
import { lintHtml } from '../lint-page.ts';
import type { Health, HealthCheck } from '../options.ts';
import { problemsHtml } from '../problems-page.ts';
import { publicRoute, type Route } from '../route.ts';

const tag = 'Service';
const anyQuery = z.object({});

/** A check that takes longer counts as failed, so that a load balancer gets its answer, ms. */
const healthTimeout = 2_000;

export const serviceRoutes: readonly Route[] = [
  publicRoute(
    {
      method: 'get',
      path: '/',
      operationId: 'getIndex',
      summary: 'What this is and what to try',
      tag,
      query: anyQuery,
      answers: { 200: 'text/plain' },
    },
    async ({ app, origin }) => text('text/plain', indexPage(origin, app.settings.people, await app.settings.describeWorld?.())),
  ),
  publicRoute(
    {
      method: 'get',
      path: problemPage,
      operationId: 'getProblems',
      summary: 'What each problem means and what to do',
      tag,
      answers: { 200: 'text/html' },
    },
    async () => text('text/html', problemsHtml()),
  ),
  publicRoute(
    {
      method: 'get',
      path: lintPage,
      operationId: 'getLintRules',
      summary: 'What each rule for diagrams, tables and schemas asks for',
      tag,
      answers: { 200: 'text/html' },
    },
    async () => text('text/html', lintHtml()),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/health/live',
      operationId: 'getLiveness',
      summary: 'The process runs',
      tag,
      answers: { 200: Liveness },
    },
    async () => ({ status: 200, body: { status: 'live' } }),
  ),
  publicRoute(
    {
      method: 'get',
      path: '/health/ready',
      operationId: 'getReadiness',
      summary: 'Requests are welcome: database reachable, migrated, queue reachable',
      tag,
      answers: { 200: Readiness },
    },
    async ({ app }) => {
      const checks = (await examine(app.health)).map((check) => ({ ...check }));
      const failed = checks.filter((check) => !check.ok).map((check) => check.name);
      if (failed.length > 0) throw new Problem('unavailable', `Not ready: ${failed.join(', ')}.`, { checks, retryAfter: 1 });
      return { status: 200, body: { status: 'ready', checks } };
    },
  ),
];

const text = (mediaType: string, body: string) => ({
  status: 200,
  body,
  headers: { 'Content-Type': `${mediaType}; charset=utf-8` },
});

async function examine(health: Health): Promise<readonly HealthCheck[]> {
  const answered = new AbortController();
  const late = sleep(healthTimeout, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`no answer within ${healthTimeout} ms`);
  });
  try {
    return await Promise.race([health.ready(), late]);
  } catch (error) {
    return [{ name: 'checks', ok: false, detail: messageOf(error) }];
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}
