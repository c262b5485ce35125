import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { oneStage } from '../rig/harness-text.ts';
import { assertInvariants } from '../rig/invariants.ts';

const pipeline = oneStage(`
- step:
    type: Background
    identifier: browsers
    name: browsers
    spec:
      shell: Sh
      command: |
        report() {
          echo '<testsuite name="ui"><testcase name="opens" time="2.5"/></testsuite>' > out/ui.xml
          exit 0
        }
        trap report TERM
        mkdir -p out
        touch up
        while :; do sleep 0.05; done
      reports: { type: JUnit, spec: { paths: ["out/**/*.xml"] } }
      ready: { exec: test -f up }
- step:
    type: Run
    identifier: unit
    name: unit
    spec:
      shell: Sh
      command: |
        cat > unit.xml <<END
        <testsuite name="cart" tests="3">
          <testcase classname="Cart" name="adds" time="0.25"/>
          <testcase classname="Cart" name="pays"><failure message="no $TOKEN &lt;here&gt;">at cart:9</failure></testcase>
          <testcase classname="Cart" name="later"><skipped/></testcase>
        </testsuite>
        END
        echo '<testsuite>' > broken.xml
      envVariables: { TOKEN: '<+secrets.getValue("token")>' }
      reports: { type: JUnit, spec: { paths: ["*.xml", "none/*.xml"] } }
`);

describe('the reports of a Harness pipeline', () => {
  it('001-44, 001-47 are summed up, those that a service writes at its TERM, too', async () => {
    await using place = new Place();
    place.file('stale.xml', '<testsuite><testcase name="old"/></testsuite>');
    place.file('p.yaml', pipeline);
    const told = await place.continuo(['exec', '-s', 'token', 'p.yaml'], { token: 's3cret-t0ken' });
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const events = await place.events();
    assertInvariants(events);
    const read = events.filter((event) => event.type === 'tests.read');
    assert.deepEqual(
      read.map(({ task, file, counts }) => [task, file, counts.passed, counts.failed]),
      [
        ['build.unit', 'unit.xml', 1, 1],
        ['build.browsers', 'out/ui.xml', 1, 0],
      ],
    );
    const ended = events.find(({ type }) => type === 'service.ended');
    assert.ok(ended && ended.seq < read[1]!.seq);
    assert.match(told.stdout, /✗ 4 tests: 2 passed, 1 failed and 1 skipped in 2 reports/);
    assert.match(told.stdout, /✗ Cart pays · unit\n {4}│ no \*+ <here>\n/);
    assert.match(told.stdout, /slowest:\n +2\.5 s {2}ui opens\n +250 ms {2}Cart adds\n/);
    assert.match(told.stdout, /report broken\.xml does not count: it is broken XML/);
    assert.match(told.stdout, /there is no report 'none\/\*\.xml'/);
    assert.ok(!JSON.stringify([events, told]).includes('s3cret-t0ken'));

    const again = await place.continuo(['tests']);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /✗ 4 tests[^]* {4}│ no \*+ <here>\n {4}│ at cart:9\n/);
    const json = await place.continuo(['tests', 'latest', '--json']);
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    assert.equal(lines.length, 4);
    assert.deepEqual(lines[0], {
      task: 'build.browsers',
      report: 'out/ui.xml',
      name: 'opens',
      suite: 'ui',
      seconds: 2.5,
      outcome: 'passed',
    });
  });

  it('are none of a run that asks for none', async () => {
    await using place = new Place();
    await place.exec('version: 2.1\npipeline:\n  - step: { name: a, commands: ["true"] }\n');
    const told = await place.continuo(['tests']);
    assert.equal(told.code, 0);
    assert.match(told.stderr, /^Run \S+ has read no reports of tests\.\n$/);
    assert.equal((await place.continuo(['tests', 'nosuch'])).code, 2);
  });
});
