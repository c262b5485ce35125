import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { runBoth } from '../rig/convert-runs.ts';
import { cixContainerStories, harnessContainerStories } from '../rig/convert-stories.ts';
import { dockerSuite } from '../rig/docker.ts';

const place = (): ContainerPlace => new ContainerPlace();

dockerSuite('a pipeline of containers runs alike in the other language', () => {
  for (const story of cixContainerStories)
    it(`from CIX: ${story.shows}`, () => runBoth(story, 'harness', place));
  for (const story of harnessContainerStories)
    it(`from Harness: ${story.shows}`, () => runBoth(story, 'cix', place));
});
