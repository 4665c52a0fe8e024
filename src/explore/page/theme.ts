/** Light and dark: pictures are drawn on white, as a still needs it, and take the page's colours where they are alive. */
import { darkColours } from "../../show";

const colours = new RegExp(`"(${Object.keys(darkColours).join("|")})"`, "g");
const nameOf = (colour: string) => `--is${colour.slice(1)}`;

/** A picture whose colours are those of the page it stands in. */
export function inTheme(svg: string): string {
  return svg.replace(colours, (_, colour: string) => `"var(${nameOf(colour)},${colour})"`);
}

/** What a dark page's explorables set. */
export const darkPictures = Object.entries(darkColours)
  .map(([colour, dark]) => `${nameOf(colour)}:${dark}`)
  .join(";");

/** What takes them back for a part of a picture that is light everywhere. */
export const lightPictures = Object.keys(darkColours)
  .map((colour) => `${nameOf(colour)}:initial`)
  .join(";");
