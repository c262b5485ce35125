import { imageOf } from '../test/images/images.ts';
import { engine } from './engine/engine.ts';
import { makeImages } from './engine/make-images.ts';

// Brings up what the tests with Docker need: an engine, and the images. Quick when all is there.

const say = (line: string) => {
  console.log(line);
};

const found = await engine(say);
if (!found.ok) {
  console.error(found.failure);
  process.exit(3);
}
const failures = await makeImages(found.value, say);
for (const [name, why] of failures) console.error(`${imageOf(name)} cannot be made: ${why}`);
if (failures.size > 0) process.exit(1);
const { Version } = await found.value.version();
say(`Docker ${Version} is there with all images.`);
