import { expect } from 'chai';
import { examine } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { drawn } from '../lint/draw.ts';

const process = b.bpmn(
  b.start('s'),
  b.sub('sub', b.start('ss'), b.user('u'), b.end('se'), b.flow('ss', 'u', 'se')),
  b.boundary('late', 'sub', b.duration('PT1H')),
  b.xor('x', 'e'),
  b.end('e'),
  b.flow('s', 'sub', 'x', 'e'),
  b.flowIf('x', 'sub', '=again'),
  b.flow('late', 'e'),
);
const warnings = async (xml: string): Promise<string[]> =>
  (await examine(xml)).findings.map(({ rule, elementId, message }) => `${rule} ${elementId}: ${message}`);
const bounds = (xml: string, id: string, change: (box: { x: number; y: number; w: number; h: number }) => string): string =>
  xml.replace(
    new RegExp(`(bpmnElement="${id}"[^>]*><dc:Bounds) x="(-?\\d+)" y="(-?\\d+)" width="(\\d+)" height="(\\d+)"`),
    (_, head: string, x: string, y: string, w: string, h: string) => `${head} ${change({ x: +x, y: +y, w: +w, h: +h })}`,
  );
const at = (x: number, y: number, w: number, h: number): string => `x="${x}" y="${y}" width="${w}" height="${h}"`;

describe('engine: how a diagram is drawn', () => {
  let xml: string;
  before(async () => {
    xml = await drawn(process);
  });

  it('says nothing of a clean drawing, nor of one without a finding that refuses', async () => {
    expect(await warnings(xml)).to.deep.equal([]);
  });

  it('warns, and compiles all the same', async () => {
    const { processes, findings } = await examine(process);
    expect(findings.map(({ rule }) => rule)).to.deep.equal(['layout-missing']);
    expect(processes).to.have.length(1);
  });

  it('names a shape that covers another, not a boundary event on its host nor what lies in a sub-process', async () => {
    const moved = bounds(xml, 'e', ({ w, h }) => at(170, 90, w, h));
    expect(await warnings(moved)).to.include('layout-overlap s: It covers e. Move one of them.');
  });

  it('names a child outside of its sub-process and a boundary event away from its host', async () => {
    expect(await warnings(bounds(xml, 'u', ({ w, h }) => at(900, 20, w, h)))).to.include(
      'layout-place u: It is drawn away from sub, which it belongs to. Move it there.',
    );
    expect(await warnings(bounds(xml, 'late', ({ w, h }) => at(20, 700, w, h)))).to.include(
      'layout-place late: It is drawn away from sub, which it belongs to. Move it there.',
    );
  });

  it('names a flow that runs through a shape once, also where it runs through a whole sub-process', async () => {
    const [, x = '0', y = '0'] = /bpmnElement="sub"[^>]*><dc:Bounds x="(\d+)" y="(\d+)"/.exec(xml) ?? [];
    const through = xml.replace(
      /(bpmnElement="x.e"><di:waypoint [^>]*>)/,
      `$1<di:waypoint x="${+x - 20}" y="${+y + 30}"/><di:waypoint x="${+x + 900}" y="${+y + 30}"/>`,
    );
    const crossing = (await warnings(through)).filter((warning) => warning.startsWith('layout-crossing'));
    expect(crossing).to.deep.equal([
      'layout-crossing x.e: The sequence flow runs through sub, as if it led there. Lead it around.',
    ]);
  });

  it('lets lines end in the middle of a shape and touch the tip of a gateway, as many tools draw them', async () => {
    const [, x = '0', y = '0', w = '0'] = /bpmnElement="x"><dc:Bounds x="(\d+)" y="(\d+)" width="(\d+)"/.exec(xml) ?? [];
    const middle = xml.replace(
      /(bpmnElement="x.e">)<di:waypoint [^>]*>/,
      `$1<di:waypoint x="${+x + +w / 2}" y="${+y + +w / 2}"/>`,
    );
    const tip = xml.replace(
      /(bpmnElement="late.e"><di:waypoint [^>]*>)/,
      `$1<di:waypoint x="${+x - 1}" y="${+y}"/><di:waypoint x="${+x + 6}" y="${+y - 9}"/>`,
    );
    expect(await warnings(middle)).to.deep.equal([]);
    expect((await warnings(tip)).filter((warning) => warning.includes('through x,'))).to.deep.equal([]);
  });

  it('compares only what is on the same sheet, and skips what a collapsed sub-process hides', async () => {
    const collapsed = xml.replace('bpmnElement="sub" isExpanded="true"', 'bpmnElement="sub" isExpanded="false"');
    const small = bounds(collapsed, 'sub', ({ x, y }) => at(x, y, 100, 80));
    expect((await warnings(small)).filter((warning) => /\b(?:ss|u|se)\b/.test(warning))).to.deep.equal([]);
  });

  it('tells twenty faults of a drawing and counts the rest', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `t${index}`);
    const heap = (await drawn(b.bpmn(b.start('s'), ...ids.map((id) => b.user(id)), b.flow('s', ...ids)))).replaceAll(
      /(bpmnElement="t\d+"><dc:Bounds) x="\d+" y="\d+"/g,
      '$1 x="500" y="500"',
    );
    const told = await warnings(heap);
    expect(told).to.have.length(20);
    expect(told.at(-1)).to.match(/There are \d+ more like this\.$/);
  });
});
