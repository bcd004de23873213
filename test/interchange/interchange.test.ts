import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as b from '../helpers/bpmn-builder.ts';
import { exchange, exchangeOne } from './interchange.ts';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}/`, import.meta.url));
const drawing = b
  .bpmn(b.start('s'), b.plain('draw'), b.user('t'), b.end('e'), b.flow('s', 'draw', 't', 'e'))
  .replace('isExecutable="true"', 'isExecutable="false"');

describe('diagrams of other tools', () => {
  it('are accepted and start, or are refused with the elements that stand in the way', async () => {
    const results = [...(await exchange(folder('processes'))), ...(await exchange(folder('docs/lint/examples')))];
    expect(results.length).to.be.greaterThan(40);
    for (const { file, asItIs } of results) {
      const { errors, started } = asItIs;
      expect(errors.length + started.length, file).to.be.greaterThan(0);
      // what cannot be read has no elements
      for (const { elementId, rule } of errors)
        if (!['xml', 'doctype', 'size'].includes(rule)) expect(elementId, file).to.be.a('string');
    }
  });

  it('a drawing is refused by its process, and told what would become of it', async () => {
    const { asItIs, executable } = await exchangeOne('drawing.bpmn', drawing);
    expect(asItIs.errors.map(({ elementId, rule }) => [elementId, rule])).to.deep.equal([['P', 'executable-process']]);
    expect(executable?.errors).to.deep.equal([]);
    expect(executable?.started).to.deep.equal(['P: waits at t (user)']);
  });

  it('docs/interchange.md names a page for every rule that it mentions', async () => {
    const text = await readFile(new URL('../../docs/interchange.md', import.meta.url), 'utf8');
    expect(text.match(/^\| \S+\.bpmn \|/gm)).to.have.length.greaterThan(5);
    expect(text).not.to.contain('`file`');
  });
});
