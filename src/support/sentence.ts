/** A text with a full stop at its end, so that another sentence can follow: reasons and messages of others come with and without. */
export const sentence = (text: string): string => (/[.!?]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`);
