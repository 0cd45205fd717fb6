/** East Asian Wide and Fullwidth blocks of Unicode; every character with emoji presentation is wide too, but regional indicators. */
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const regionalIndicator = /^[\u{1f1e6}-\u{1f1ff}]/u;

/** Columns that a text takes in a terminal or a fixed grid of type: 2 for each wide character, 1 for each other. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) && !regionalIndicator.test(character) ? 2 : 1;
  return width;
}
