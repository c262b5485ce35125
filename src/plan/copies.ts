/** More copies of one node than anybody means. */
export const maxCopies = 10_000;

/** More steps, services and groups than a run is made for. */
export const maxNodes = 100_000;
