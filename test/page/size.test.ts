import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

const page = join(import.meta.dirname, '..', '..', 'dist', 'page');

it('the first load of the page is less than 300 kB, and nothing in it is inline', () => {
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path!);
  assert.ok(files.length >= 3, files.join());
  const sizes = ['index.html', ...files].map((path) => {
    assert.ok(existsSync(join(page, `${path}.br`)), path);
    return readFileSync(join(page, `${path}.gz`)).length;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total < 300_000, `${total} bytes`);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|style="|\son\w+=/);
});
