export interface Terms {
  patterns: string[];
  license: string;
  holders: string;
}

export function readTerms(text: string): Terms[];
export function termsOf(terms: Terms[], path: string): Terms;
