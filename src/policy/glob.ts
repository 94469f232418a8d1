/** Patterns of policies: `*` stands for any number of characters, also none, and `?` for exactly one. */

/**
 * A test for texts that match the whole pattern. It builds no regular expression, whose time a hostile pattern could blow up: a mismatch
 * goes back to the last star only, so that the time is bounded by the square of the text's length, whatever the pattern.
 * Letter case counts; who wants to ignore it lowers both sides.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const glob = pattern.replace(/\*+/g, "*");
  if (glob === "*") return () => true;
  if (!/[*?]/.test(glob)) return (text) => text === glob;
  const stem = glob.slice(0, -1);
  if (glob.endsWith("*") && !/[*?]/.test(stem)) return (text) => text.startsWith(stem);
  return (text) => matches(glob, text);
}

const [star, anyOne] = [0x2a, 0x3f];

function matches(glob: string, text: string): boolean {
  let [g, t] = [0, 0];
  /** Where to go on after a mismatch: behind the last star, which then swallows one character more. */
  let [afterStar, swallowed] = [-1, 0];
  while (t < text.length) {
    const wanted = g < glob.length ? glob.charCodeAt(g) : -1;
    // A star of the text is no star of the pattern, so the pattern's star is looked for first.
    if (wanted === star) {
      g += 1;
      [afterStar, swallowed] = [g, t];
    } else if (wanted === anyOne || wanted === text.charCodeAt(t)) {
      g += 1;
      t += 1;
    } else if (afterStar >= 0) {
      swallowed += 1;
      [g, t] = [afterStar, swallowed];
    } else {
      return false;
    }
  }
  // Runs of stars are one star.
  return g === glob.length || (g === glob.length - 1 && glob.charCodeAt(g) === star);
}
