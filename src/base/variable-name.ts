/** What a variable may be called: whatever a process can have in its environment, but for blanks. */
export const variableName = /^[^=\s\0]+$/;
