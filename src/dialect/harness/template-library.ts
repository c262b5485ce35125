import type { Result } from '../../base/result.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';

/**
 * Gives every template file there is, or why it cannot be had. It is asked at most once, and only when a
 * template is used.
 */
export type ReadTemplates = () => Promise<readonly Result<Source, Diagnostic>[]>;
