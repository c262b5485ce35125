/** What a late input goes by in expressions, by its number in the file. */
export const lateWord = (number: number): string => `i${number}`;

/** What stands in the place of a late input until it is given: an expression that nobody else has. */
export const lateText = (word: string): string => `<+executionInput.${word}>`;

/** The word of the late input that is the whole of a text. */
export const lateWordIn = (text: string): string | undefined =>
  /^<\+executionInput\.(\w+)>$/.exec(text)?.[1];
