import { z } from 'zod';
import { FileFinding } from './finding.ts';
import { Timestamp } from './values.ts';

/** Files as a form brings them. */
export const Files = z.strictObject({ files: z.array(z.strictObject({ name: z.string(), content: z.string() })).min(1) });

const ProcessVersion = z.looseObject({ id: z.string(), processId: z.string(), version: z.int() });
const DecisionVersion = z.looseObject({ id: z.string(), decisionId: z.string(), version: z.int() });

export const Deployed = z
  .looseObject({
    deploymentId: z.string(),
    isNew: z.boolean().meta({ description: 'false: all of it was in force already, and nothing was written' }),
    processes: z.array(ProcessVersion),
    decisions: z.array(DecisionVersion),
    findings: z.array(FileFinding).meta({ description: 'Warnings' }),
  })
  .meta({ id: 'Deployed' });

export const Deployment = z
  .looseObject({
    id: z.string(),
    contentHash: z.string(),
    deployedBy: z.string(),
    deployedAt: Timestamp,
    files: z.array(z.string()),
    processes: z.array(ProcessVersion),
    decisions: z.array(DecisionVersion),
  })
  .meta({ id: 'Deployment' });

export const LintResult = z
  .looseObject({
    accepted: z.boolean().meta({ description: 'Whether it could be deployed' }),
    findings: z.array(FileFinding),
    processes: z.array(z.looseObject({ processId: z.string(), resourceName: z.string() })),
    decisions: z.array(z.looseObject({ decisionId: z.string(), resourceName: z.string() })),
  })
  .meta({ id: 'LintResult' });

/** One version of a decision. Processes use the one that was deployed with them. */
export const DecisionDefinition = z
  .looseObject({
    id: z.string(),
    decisionId: z.string(),
    name: z.string(),
    version: z.int(),
    latest: z.boolean(),
    resourceName: z.string(),
    deploymentId: z.string(),
    deployedBy: z.string(),
    deployedAt: Timestamp,
  })
  .meta({ id: 'DecisionDefinition' });

/** A kind of work that diagrams may ask for. */
export const JobType = z
  .looseObject({
    type: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    input: z.looseObject({}).meta({ description: 'JSON Schema' }),
    output: z.looseObject({}).meta({ description: 'JSON Schema' }),
    errors: z.array(z.looseObject({ code: z.string() })).meta({ description: 'BPMN errors that it raises' }),
    handledHere: z.boolean().meta({ description: 'false: external workers do it' }),
    resourceName: z.string(),
    deploymentId: z.string(),
  })
  .meta({ id: 'JobType' });
