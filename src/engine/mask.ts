/** How a secret is shown. */
export const mask = '********';
