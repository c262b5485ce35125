import { gather } from './option-values.ts';

import type { Command } from 'commander';

/** Adds what only pipelines of Harness take. */
export const addHarnessOptions = (command: Command): Command =>
  command
    .optionsGroup('Options for Harness pipelines:')
    .option(
      '--input <name=value>',
      'what goes where <+input> stands, by a name or a path such as db.image (repeatable)',
      gather,
    )
    .option(
      '--inputs <file>',
      'a file of them: the shape of the pipeline, or names (repeatable)',
      gather,
    )
    .option('--templates <folder>', 'the folder of templates (default: .harness/templates)')
    .option('--connectors <file>', 'what connectors lead to (default: .harness/connectors.yaml)')
    .option('--strict', 'a service that dies makes the run fail, as in CIX')
    .option('--skip-unsupported', 'skip the steps that cannot run here, instead of refusing them');
