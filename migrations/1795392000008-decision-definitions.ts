import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Decisions get versions of their own, as processes have: what a deployment's tables decide can be listed and read. */
export class DecisionDefinitions1795392000008 implements MigrationInterface {
  name = 'DecisionDefinitions1795392000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.decision_definition (
        id uuid primary key,
        deployment_id uuid not null references orderflow.deployment,
        decision_id text not null,
        name text not null,
        version integer not null check (version >= 1),
        resource_name text not null,
        unique (decision_id, version),
        unique (deployment_id, decision_id),
        foreign key (deployment_id, resource_name) references orderflow.deployment_resource (deployment_id, name)
      );
      comment on table orderflow.decision_definition is 'A version of a decision; processes use the one that was deployed with them';
      create index deployment_content on orderflow.deployment (content_hash);
    `);
    // what was deployed before was read by the same parser, which asks for these very attributes
    await db.query(`
      insert into orderflow.decision_definition (id, deployment_id, decision_id, name, version, resource_name)
      select gen_random_uuid(), deployment_id, decision_id, coalesce(name, decision_id),
             row_number() over (partition by decision_id order by deployed_at, deployment_id), resource_name
        from (select r.deployment_id, r.name as resource_name, y.deployed_at,
                     (regexp_match(tag[1], '\\sid="([^"]+)"'))[1] as decision_id, (regexp_match(tag[1], '\\sname="([^"]*)"'))[1] as name
                from orderflow.deployment_resource r
                join orderflow.deployment y on y.id = r.deployment_id,
                     regexp_matches(r.content, '<(?:\\w+:)?decision(\\s[^>]*)>', 'g') as tag
               where r.name like '%.dmn') old
       where decision_id is not null
          on conflict do nothing;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index orderflow.deployment_content; drop table orderflow.decision_definition');
  }
}
