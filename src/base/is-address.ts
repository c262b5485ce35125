/** Whether it is the address of an http server, and no path. */
export const isAddress = (at: string): boolean => /^https?:\/\//i.test(at);
