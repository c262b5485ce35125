/** What the run calls an output of a step. */
export const outputAs = (node: string, name: string): string => `output:${node}:${name}`;

/** What the run calls what a person answered. */
export const approvedAs = (node: string, name: string): string => `answer:${node}:${name}`;

/** What the run calls how something ended. */
export const outcomeAs = (id: string): string => `outcome:${id}`;
