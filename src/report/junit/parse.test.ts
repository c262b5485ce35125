import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { parseJunit } from './parse.ts';

import type { TestCase } from '../../event/tests.ts';

function casesOf(xml: string): TestCase[] {
  const read = parseJunit(xml);
  assert.ok(read.ok, read.ok ? '' : read.failure);
  return read.value;
}

const surefire = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.shop.CartTest" time="1,200.5" tests="4" errors="1" skipped="1" failures="1">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="adds" classname="com.shop.CartTest" time="1,200.25"><system-out><![CDATA[<testcase name="no"/>]]></system-out></testcase>
  <testcase name="removes" classname="com.shop.CartTest" time="0.1">
    <failure message="expected: &lt;1&gt; but was: &lt;2&gt;" type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError: expected: <1> but was: <2>
	at com.shop.CartTest.removes(CartTest.java:12)]]></failure>
    <rerunFailure message="again"/>
  </testcase>
  <testcase name="breaks" classname="com.shop.CartTest"><error type="java.lang.NullPointerException">at x</error></testcase>
  <testcase name="later" classname="com.shop.CartTest" time="0"><skipped/></testcase>
</testsuite>`;

const pytest = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="2" time="0.02" timestamp="2026-11-22T10:00:00" hostname="h"><testcase classname="tests.test_cart" name="test_total[a&amp;b]" time="0.001"><failure message="assert 1 == 2">def test_total():
&gt;       assert 1 == 2</failure></testcase><testcase classname="tests.test_cart" name="test_later" time="0.000"><skipped type="pytest.skip" message="no &#8364; here">tests/test_cart.py:7: no &#x20AC; here</skipped></testcase></testsuite></testsuites>`;

const jest = `<testsuites name="jest tests" tests="1" failures="0" errors="0" time="1.5">
  <testsuite name="cart" errors="0" failures="0" skipped="0" time="0.5" tests="1" file="src/cart.test.js">
    <testcase classname="cart adds" name="cart adds" time="0.004"></testcase>
  </testsuite>
</testsuites>`;

const gotestsum = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="0.5">
	<testsuite tests="2" failures="1" time="0.010000" name="example.com/shop/cart" timestamp="2026-11-22T10:00:00Z">
		<testcase classname="example.com/shop/cart" name="TestTotal" time="0.010000">
			<failure message="Failed" type="">=== RUN   TestTotal&#xA;    cart_test.go:9: 1 != 2&#xA;</failure>
		</testcase>
		<testcase classname="example.com/shop/cart" name="TestAdd" time="0.000000"></testcase>
	</testsuite>
</testsuites>`;

describe('a JUnit file', () => {
  it('of Surefire tells every outcome, and the message once', () => {
    const around = { suite: 'com.shop.CartTest', classname: 'com.shop.CartTest' };
    assert.deepEqual(casesOf(surefire), [
      { name: 'adds', ...around, seconds: 1_200.25, outcome: 'passed' },
      {
        name: 'removes',
        ...around,
        seconds: 0.1,
        outcome: 'failed',
        message:
          'org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n\tat com.shop.CartTest.removes(CartTest.java:12)',
      },
      { name: 'breaks', ...around, outcome: 'error', message: 'at x' },
      { name: 'later', ...around, seconds: 0, outcome: 'skipped' },
    ]);
  });

  it('of pytest tells what was said in short and at length', () => {
    const around = { suite: 'pytest', classname: 'tests.test_cart' };
    assert.deepEqual(casesOf(pytest), [
      {
        name: 'test_total[a&b]',
        ...around,
        seconds: 0.001,
        outcome: 'failed',
        message: 'def test_total():\n>       assert 1 == 2',
      },
      {
        name: 'test_later',
        ...around,
        seconds: 0,
        outcome: 'skipped',
        message: 'tests/test_cart.py:7: no € here',
      },
    ]);
  });

  it('of Jest has the source file of a suite for its tests', () => {
    assert.deepEqual(casesOf(jest), [
      {
        name: 'cart adds',
        suite: 'cart',
        file: 'src/cart.test.js',
        classname: 'cart adds',
        seconds: 0.004,
        outcome: 'passed',
      },
    ]);
  });

  it('of gotestsum keeps the lines of a message', () => {
    const [first, second] = casesOf(gotestsum);
    assert.equal(first?.message, 'Failed\n=== RUN   TestTotal\n    cart_test.go:9: 1 != 2');
    assert.deepEqual([first.outcome, second?.outcome], ['failed', 'passed']);
  });

  it('has suites within suites, or nothing in it', () => {
    const xml =
      '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="x"/></testsuite><testcase name="y"/></testsuite></testsuites>';
    assert.deepEqual(
      casesOf(xml).map(({ name, suite }) => [name, suite]),
      [
        ['y', 'a'],
        ['x', 'b'],
      ],
    );
    assert.deepEqual(casesOf('<testsuites/>'), []);
    assert.deepEqual(casesOf('<testsuite name="empty"></testsuite>'), []);
  });

  it('expands no entities of its own', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<testsuite><testcase name="&b;&f;"/></testsuite>`;
    const read = parseJunit(bomb);
    if (read.ok) assert.equal(read.value[0]?.name, '&b;&f;');
  });

  it('is refused with the reason when it is broken, or is none', () => {
    const reasonOf = (xml: string): string => {
      const read = parseJunit(xml);
      return read.ok ? 'read' : read.failure;
    };
    assert.match(
      reasonOf('<testsuite>\n<testcase name="a">\n</testsuite>'),
      /broken XML at line 3/,
    );
    assert.match(reasonOf('<html></html>'), /it is no JUnit file/);
    assert.match(reasonOf(''), /broken XML/);
    assert.match(reasonOf('PASS'), /broken XML/);
    assert.ok(reasonOf(`<testsuite>${'<testcase>'.repeat(1_000)}`).length < 200);
    assert.match(
      reasonOf(`<testsuite>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</testsuite>`),
      /broken XML/,
    );
  });

  it('never throws, whatever is in it', () => {
    const texts = [surefire, pytest, jest, gotestsum];
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '<',
        '>',
        '</',
        '/>',
        '<![CDATA[',
        ']]>',
        '<!DOCTYPE a [',
        '&',
        '<__proto__>',
        '<constructor a="1"/>',
        '<!--',
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(2_000),
        fc.nat(60),
        piece,
        (xml, at, gone, put) => {
          parseJunit(xml.slice(0, at) + put + xml.slice(at + gone));
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.array(piece), (parts) => void parseJunit(parts.join(''))));
  });
});
