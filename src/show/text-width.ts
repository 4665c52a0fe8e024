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
