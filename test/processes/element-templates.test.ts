import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { processesFolder as deployed, readResources } from '../../src/resources.ts';
import { processesFolder } from './diagram.ts';
import { elementTemplates, templatesFile } from './element-templates.ts';

interface Template {
  readonly id: string;
  readonly properties: readonly {
    readonly value?: string;
    readonly binding: { readonly type: string; readonly property?: string };
  }[];
}

describe('processes: the element templates of the modeler', () => {
  let templates: Template[];
  before(async () => {
    templates = JSON.parse(await readFile(templatesFile, 'utf8')) as Template[];
  });

  it('there is one for each job type', async () => {
    const declared = (await readdir(new URL('jobs/', processesFolder))).map((name) => name.replace('.job.schema.json', ''));
    const offered = templates.flatMap(({ properties }) =>
      properties.filter(({ binding }) => binding.property === 'type').map(({ value }) => value),
    );
    expect(offered).to.have.members(declared);
    expect(new Set(templates.map(({ id }) => id)).size).to.equal(templates.length);
  });

  it('they are as the jobs and diagrams say; test/processes/write-element-templates.ts writes them', async () => {
    expect(templates).to.deep.equal(await elementTemplates());
  });

  it('they are not deployed', async () => {
    expect([...(await readResources(deployed)).keys()].filter((name) => name.includes('.camunda'))).to.deep.equal([]);
  });
});
