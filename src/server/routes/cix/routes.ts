import { addRoutes } from './add.ts';
import { aliasRoutes } from './aliases.ts';
import { environmentRoutes } from './environment.ts';
import { goingOnRoutes } from './going-on.ts';
import { tellMessages } from './parts.ts';
import { pipelineRoutes } from './pipelines.ts';
import { pluginRoutes } from './plugins.ts';
import { validateRoutes } from './validate.ts';

import type { Routes } from '../parts.ts';
import type { AddParts } from './add.ts';
import type { GoingOnParts } from './going-on.ts';
import type { PluginParts } from './plugins.ts';

export type CixParts = AddParts & GoingOnParts & PluginParts;

/** The routes of CIX's own server, over what ours does. */
export function cixRoutes(scope: Routes, parts: CixParts): void {
  tellMessages(scope);
  addRoutes(scope, parts);
  pipelineRoutes(scope, parts);
  aliasRoutes(scope, parts);
  goingOnRoutes(scope, parts);
  environmentRoutes(scope, parts);
  validateRoutes(scope, parts);
  pluginRoutes(scope, parts);
}
