import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { fail, ok } from '../../base/result.ts';
import { decoded } from './decoded.ts';

import type { Result } from '../../base/result.ts';
import type { TestCase, TestOutcome } from '../../event/tests.ts';

type Element = Readonly<Record<string, unknown>>;

const listed = ['testsuite', 'testcase', 'failure', 'error', 'skipped'];

/** Entities are not expanded: those that a file declares itself may be of any size. */
const noEntities = {
  setExternalEntities: () => undefined,
  addInputEntities: () => undefined,
  setXmlVersion: () => undefined,
  reset: () => undefined,
  decode: (text: string) => text,
};

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  cdataPropName: '#cdata',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  entityDecoder: noEntities,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (name) => listed.includes(name),
  stopNodes: ['*.system-out', '*.system-err', '*.properties'],
});

/** The tests of a JUnit file in their order, or why it is none. Never throws, whatever it is given. */
export function parseJunit(xml: string): Result<TestCase[], string> {
  let root: Element | undefined;
  try {
    // Its successor is a package of its own. Without it, a file that breaks off is read as if it were whole.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const valid = XMLValidator.validate(xml);
    if (valid !== true)
      return fail(`it is broken XML at line ${valid.err.line}: ${inShort(valid.err.msg)}`);
    root = asElement(parser.parse(xml));
  } catch (error) {
    return fail(
      `it is broken XML: ${inShort(error instanceof Error ? error.message : String(error))}`,
    );
  }
  if (!root || !('testsuites' in root || 'testsuite' in root))
    return fail('it is no JUnit file: its root is neither `testsuites` nor `testsuite`');
  const cases: TestCase[] = [];
  const around = asElement(root['testsuites']);
  if (around) takeSuite(around, {}, cases);
  takeSuite(root, {}, cases);
  return ok(cases);
}

/** The library may list every tag that is open. */
const inShort = (reason: string): string => reason.replaceAll(/\s+/g, ' ').slice(0, 120);

interface Suite {
  readonly suite?: string;
  readonly file?: string;
}

/** Takes what is in a suite; such as stand in it have what they do not say from it. */
function takeSuite(element: Element, outer: Suite, cases: TestCase[]): void {
  const [suite, file] = [attribute(element, 'name'), attribute(element, 'file')];
  const here = { ...outer, ...(suite && { suite }), ...(file && { file }) };
  for (const test of elementsOf(element, 'testcase')) cases.push(toCase(test, here));
  for (const inner of elementsOf(element, 'testsuite')) takeSuite(inner, here, cases);
}

function toCase(element: Element, around: Suite): TestCase {
  const [classname, file] = [attribute(element, 'classname'), attribute(element, 'file')];
  const seconds = Number(attribute(element, 'time')?.replaceAll(',', '') ?? Number.NaN);
  const [outcome, why] = outcomeOf(element);
  const message = why === undefined ? undefined : messageOf(why);
  return {
    name: attribute(element, 'name') ?? '(no name)',
    ...around,
    ...(classname && { classname }),
    ...(file && { file }),
    ...(Number.isFinite(seconds) && seconds >= 0 && { seconds }),
    outcome,
    ...(message && { message }),
  };
}

function outcomeOf(element: Element): readonly [TestOutcome, unknown?] {
  for (const [tag, outcome] of [
    ['error', 'error'],
    ['failure', 'failed'],
    ['skipped', 'skipped'],
  ] as const) {
    const found = element[tag];
    if (Array.isArray(found)) return [outcome, found[0]];
  }
  return ['passed'];
}

/** What is said in short, and then what is said at length where that does not say it all. */
function messageOf(why: unknown): string {
  const long = textOf(why).trim();
  const element = asElement(why);
  const short = (element && attribute(element, 'message')?.trim()) ?? '';
  if (short === '' || long.includes(short)) return long;
  return long === '' ? short : `${short}\n${long}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return decoded(value);
  const element = asElement(value);
  if (!element) return '';
  const literal = [element['#cdata']].flat().filter((part) => typeof part === 'string');
  return textOf(element['#text']) + literal.join('');
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === 'string' ? decoded(value) : undefined;
}

const elementsOf = (element: Element, name: string): Element[] =>
  [element[name]]
    .flat()
    .map(asElement)
    .filter((each) => each !== undefined);

/** What has nothing in it is read as an empty text. */
function asElement(value: unknown): Element | undefined {
  if (value === '') return {};
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Element)
    : undefined;
}
