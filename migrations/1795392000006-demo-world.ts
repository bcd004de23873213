import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the first start in demo mode has come with the orders that it makes (src/cli/demo/fill.ts); empty elsewhere. */
export class DemoWorld1795392000006 implements MigrationInterface {
  name = 'DemoWorld1795392000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.demo_story (
        name text primary key,
        attempt integer not null default 1 check (attempt >= 1),
        begun_at timestamptz not null default orderflow.now(),
        ended_at timestamptz,
        orders text[] not null default '{}',
        failure text
      );
      create table orderflow.demo_step (
        story text not null references orderflow.demo_story (name) on delete cascade,
        step integer not null check (step >= 0),
        answer jsonb not null,
        primary key (story, step)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table orderflow.demo_step, orderflow.demo_story');
  }
}
