import { Argument, Option } from 'commander';

import { addHarnessOptions } from '../harness-options.ts';
import { gather } from '../option-values.ts';
import { command, executorChoices, formatOption } from './define.ts';

import type { ConvertFlags } from '../commands/convert.ts';
import type { SchemaLanguage } from '../commands/schema.ts';
import type { ValidateFlags } from '../commands/validate.ts';
import type { Define } from './define.ts';

export const validate: Define = (program, { settle, world }) => {
  const defined = command(
    program,
    'validate',
    'check pipeline files without running them',
    validateExamples,
  )
    .argument('[file...]', 'pipeline files (default: cix.yaml, else .harness/pipeline.yaml)')
    .option('-y, --yaml <file>', 'one more of them (repeatable)', gather)
    .option('--setup <file>', 'one more, that is to run before them')
    .option('--teardown <file>', 'one more, that is to run after them')
    .option('-c, --configfile <file>', 'the configuration, instead of .cixconfig{.yaml,.json,}')
    .option('-e, --env <name[=value]>', 'a variable of the run (repeatable)', gather)
    .option('-s, --secret <name[=value]>', 'the same, and never shown (repeatable)', gather)
    .option('--plugin <file>', 'a plugin that every file goes through (repeatable)', gather)
    .option('-w, --workspace <folder>', 'as for exec')
    .addOption(new Option('--executor <place>', 'as for exec').choices(executorChoices))
    .addOption(formatOption());
  addHarnessOptions(defined).action(async (files: string[], flags: ValidateFlags) => {
    const commands = await import('../commands/validate.ts');
    await settle(commands.validate(files, flags, world));
  });
};

export const schema: Define = (program, { settle, world }) => {
  command(program, 'schema', 'print the JSON Schema of pipeline files', schemaExamples)
    .addArgument(
      new Argument('[language]', 'that they are written in')
        .choices(schemaLanguages)
        .default('cix' satisfies SchemaLanguage),
    )
    .action(async (language: SchemaLanguage) => {
      const { schema } = await import('../commands/schema.ts');
      await settle(schema(language, world));
    });
};

export const convert: Define = (program, { settle, world }) => {
  const defined = command(
    program,
    'convert',
    'write a pipeline in the other language',
    convertExamples,
  )
    .argument('<file>', 'a pipeline file')
    .addOption(
      new Option('--to <language>', 'the language that it is to be in')
        .choices(schemaLanguages)
        .makeOptionMandatory(),
    )
    .option('-o, --output <file>', 'where it is written (default: standard output)')
    .option('--force', 'overwrite that file')
    .option(
      '-e, --env <name[=value]>',
      'a variable that says where imports are (repeatable)',
      gather,
    )
    .option('-w, --workspace <folder>', 'as for exec');
  addHarnessOptions(defined).action(async (file: string, flags: ConvertFlags) => {
    const commands = await import('../commands/convert.ts');
    await settle(commands.convert(file, flags, world));
  });
};

const schemaLanguages = ['cix', 'harness'] as const satisfies readonly SchemaLanguage[];

const validateExamples = `Examples:
  continuo validate pipeline.yaml
  continuo validate --format json ci/*.yaml`;

const schemaExamples = `Examples:
  continuo schema > pipeline.schema.json
  continuo schema harness > harness.schema.json
  # then, on top of a pipeline: # yaml-language-server: $schema=pipeline.schema.json`;

const convertExamples = `Examples:
  continuo convert .harness/pipeline.yaml --to cix -o cix.yaml
  continuo convert cix.yaml --to harness > pipeline.yaml

What the other language cannot say is told on standard error, each with its place; the rest runs alike. Comments
are not carried over. Imports, templates and strategies are written out.`;
