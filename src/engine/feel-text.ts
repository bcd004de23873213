/** Text of an attribute that may hold a constant or, when it starts with `=`, a FEEL expression. */
export type TextOrFeel = string;

export const isFeel = (value: TextOrFeel): boolean => value.startsWith('=');

/** The expression without its `=`, as the oracle wants it. */
export const feelText = (value: TextOrFeel): string => value.slice(1).trim();
