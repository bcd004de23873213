/** Why a deployed file is refused: which element (null for the whole file), which rule it breaks, and a sentence for the analyst. */
export interface Finding {
  readonly elementId: string | null;
  readonly rule: string;
  readonly message: string;
}
