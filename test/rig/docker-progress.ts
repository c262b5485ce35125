import type Docker from 'dockerode';

/** A line of what an engine tells of a pull, a push, a build or an import. */
export interface Progress {
  readonly status?: string;
  /** The task failed: the answer had begun with 200 before. */
  readonly error?: string;
}

/** Everything that was told of a long task, once it is done. Rejects when the task failed. */
export function followed(docker: Docker, answer: NodeJS.ReadableStream): Promise<Progress[]> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(answer, (broken: Error | null, progress: Progress[]) => {
      const failed = progress.find(({ error }) => error !== undefined)?.error;
      const error = failed === undefined ? broken : new Error(failed);
      if (error) reject(error);
      else resolve(progress);
    });
  });
}
