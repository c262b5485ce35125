import * as z from 'zod/mini';

import { variableName } from '../base/variable-name.ts';
import { allChoices } from './question.ts';

const by = z.string().check(z.minLength(1), z.maxLength(200));
const step = z.string().check(z.minLength(1), z.maxLength(1_000));
const comment = z.optional(z.string().check(z.maxLength(10_000)));
const inputs = z.optional(z.record(z.string(), z.string()));
/** The names of inputs whose values are never shown. */
const secrets = z.optional(z.array(z.string().check(z.maxLength(1_000))).check(z.maxLength(100)));

/** How far a paused run goes on: to its end, or up to and including one more step, or this one. */
const resumeTo = z.union([z.enum(['all', 'next']), z.strictObject({ step })]);

/** What can be asked of a run while it goes on, as plain data. Steps are named by their ids or names. */
export const runCommand = z.discriminatedUnion('do', [
  /** Nothing new begins from now on; what runs goes on. */
  z.strictObject({ do: z.literal('pause'), by }),
  z.strictObject({ do: z.literal('resume'), by, to: resumeTo }),
  /** An orderly end; asked again, everything is killed at once. */
  z.strictObject({ do: z.literal('kill'), by }),
  /** An answer to whatever a step, service, group or stage asks: one of the choices that it gives. */
  z.strictObject({
    do: z.literal('answer'),
    by,
    step,
    choice: z.enum(allChoices),
    comment,
    inputs,
    secrets,
  }),
  /** The same for an approval. */
  z.strictObject({ do: z.literal('approve'), by, step, comment, inputs, secrets }),
  z.strictObject({ do: z.literal('reject'), by, step, comment }),
  /** A variable for what begins from now on; a secret is never shown. */
  z.strictObject({
    do: z.literal('set'),
    by,
    name: z.string().check(z.regex(variableName), z.maxLength(200)),
    value: z.string().check(z.maxLength(32_768)),
    secret: z.optional(z.boolean()),
  }),
]);

export type RunCommand = z.infer<typeof runCommand>;

export type ResumeTo = z.infer<typeof resumeTo>;

/** Why a run does not do what it was asked. */
export type CommandRefusal =
  | { readonly kind: 'run-over' }
  /** What is left of it is its end. */
  | { readonly kind: 'run-ending' }
  | { readonly kind: 'not-paused' }
  /** It has no step, service or group of that name; `known` are those it has. */
  | { readonly kind: 'unknown-step'; readonly step: string; readonly known: readonly string[] }
  | { readonly kind: 'step-over'; readonly step: string }
  /** It does not wait for an approval, or an answer at all; `asking` are the names of those that do. */
  | {
      readonly kind: 'not-asked';
      readonly step: string;
      readonly asking: readonly string[];
      readonly wanted?: 'approval' | 'answer';
    }
  /** A sentence that says what is wrong with the answer. */
  | { readonly kind: 'bad-answer'; readonly detail: string };
