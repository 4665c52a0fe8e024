/** About how wide a text is in a sans-serif face, in pixels. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const character of text) {
    if (/[iljtfI.,:;|!'’ ()[\]]/.test(character)) em += 0.33;
    else if (/[mwMW@%—→]/.test(character)) em += 0.9;
    else if (/[A-Z0-9−+=<>×]/.test(character)) em += 0.65;
    else em += 0.57;
  }
  return em * size;
}

/** The text as it is, or its beginning and an ellipsis where it would be wider. */
export function fitted(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  return `${cut(text, size, width - textWidth("…", size)).trimEnd()}…`;
}

/** The text in lines of at most this width, in pixels; a longer word is broken. */
export function wrapped(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(/\s+/)) {
    while (textWidth(word, size) > width) {
      if (line) lines.push(line);
      line = "";
      const start = cut(word, size, width);
      lines.push(start);
      word = word.slice(start.length);
    }
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** As much of the text's beginning as fits, and at least a character. */
function cut(text: string, size: number, width: number): string {
  const characters = Array.from(text);
  let fits = Math.min(characters.length, Math.ceil(width / (0.3 * size)));
  while (fits > 1 && textWidth(characters.slice(0, fits).join(""), size) > width) fits--;
  return characters.slice(0, Math.max(1, fits)).join("");
}
