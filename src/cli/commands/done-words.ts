import type { RunCommand } from '../../event/run-command.ts';

/** A command that nobody has signed yet. */
export type Unsigned<T> = T extends unknown ? Omit<T, 'by'> : never;

/** What is said when a run has taken a command. */
export function doneWords(command: Unsigned<RunCommand>): string {
  switch (command.do) {
    case 'pause':
      return 'is paused: what runs goes on, nothing else begins';
    case 'resume':
      return 'goes on';
    case 'kill':
      return 'is ending';
    case 'answer':
      return command.choice === 'give'
        ? `has what '${command.step}' asks for`
        : `has the answer '${command.choice}' for '${command.step}'`;
    case 'approve':
      return `has its approval '${command.step}'`;
    case 'reject':
      return `has '${command.step}' rejected`;
    case 'set':
      return `has ${command.name} from now on`;
    default:
      return command satisfies never;
  }
}
