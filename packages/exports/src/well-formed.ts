const halfCharacter = /\p{Surrogate}/gu;

/** A text in which half a character, which not every reader of JSON takes, stands as `�`. */
export function wellFormed(text: string | undefined): string | undefined {
  return text?.replace(halfCharacter, '\uFFFD');
}
