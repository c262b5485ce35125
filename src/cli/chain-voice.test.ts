import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { chainOf, outcomeOf } from './chain.ts';
import { jsonVoice, textVoice } from './chain-voice.ts';

import type { LinkEnd } from './chain.ts';

const links = chainOf(['a.yaml', 'b.yaml'], { setup: 'up.yaml', teardown: 'down.yaml' });
const endedWith = (...codes: (number | undefined)[]): LinkEnd[] =>
  links.map((link, index) => {
    const code = codes[index];
    return { link, outcome: code === undefined ? 'skipped' : outcomeOf(code) };
  });
const voice = textVoice({ color: false, unicode: true });

describe('what is told of a chain', () => {
  it('is which file of how many it is, and what it is there for', () => {
    const said = links.map((link, index) => voice.next(link, index, links.length)).join('');
    assert.equal(
      said,
      '▸ file 1 of 4: up.yaml (setup)\n\n▸ file 2 of 4: a.yaml\n\n' +
        '▸ file 3 of 4: b.yaml\n\n▸ file 4 of 4: down.yaml (teardown)\n',
    );
  });

  it('ends with one line that says everything', () => {
    for (const [ends, cancelledBy, last] of [
      [endedWith(0, 0, 0, 0), undefined, '✓ all 4 files succeeded after 2.0 s'],
      [
        endedWith(0, 1, undefined, 0),
        undefined,
        '✗ chain failed after 2.0 s: a.yaml failed, b.yaml was skipped, teardown down.yaml succeeded',
      ],
      [endedWith(0, 0, 0, 1), undefined, '✗ chain failed after 2.0 s: teardown down.yaml failed'],
      [
        endedWith(undefined, 2, undefined, 3),
        undefined,
        '✗ chain failed after 2.0 s: setup up.yaml was skipped, a.yaml is not valid, b.yaml was skipped, teardown down.yaml cannot run here',
      ],
      [
        endedWith(0, 130, undefined, 0),
        'INT',
        '○ chain cancelled by INT after 2.0 s: a.yaml was cancelled, b.yaml was skipped, teardown down.yaml succeeded',
      ],
      [
        endedWith(undefined, undefined, undefined, 0),
        'TERM',
        '○ chain cancelled by TERM after 2.0 s: setup up.yaml was skipped, a.yaml was skipped, b.yaml was skipped, teardown down.yaml succeeded',
      ],
    ] as const)
      assert.equal(voice.ended(ends, 2_000, cancelledBy), `\n${last}\n`);
  });

  it('is a line of JSON each for programs', () => {
    const json = jsonVoice(() => 7);
    assert.deepEqual(JSON.parse(json.next(links[0]!, 0, 4)), {
      ...{ type: 'chain.next', at: 7, role: 'setup', file: 'up.yaml', index: 1, of: 4 },
    });
    assert.deepEqual(JSON.parse(json.ended(endedWith(0, 143).slice(0, 2), 1.6, 'TERM')), {
      ...{ type: 'chain.ended', at: 7, tookMs: 2, cancelledBy: 'TERM' },
      files: [
        { role: 'setup', file: 'up.yaml', outcome: 'succeeded' },
        { role: 'pipeline', file: 'a.yaml', outcome: 'cancelled' },
      ],
    });
  });

  it('cannot move the cursor of a terminal', () => {
    const link = { role: 'pipeline', file: 'a\x1b[2J\nb.yaml' } as const;
    assert.equal(voice.next(link, 0, 2), '▸ file 1 of 2: a b.yaml\n');
  });
});
