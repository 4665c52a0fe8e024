/** Light and dark: pictures are drawn on white, as a still needs it, and take the page's colours where they are alive. */

/** Every colour of a picture that does not do on a dark ground, and what it is there. */
const inDark: Record<string, string> = {
  // Grounds, letters and lines.
  "#fff": "#15181c",
  "#222": "#e4e5e1",
  "#555": "#a9b0b7",
  "#ddd": "#30363d",
  "#ECECEC": "#262b31",
  "#f2f2f2": "#262b31",
  "#eef4fa": "#1d2a38",
  "#F1F1F1": "#262b31",
  "#FFF3C4": "#4a3d00",
  "#888": "#868e97",
  "#ccc": "#454c54",
  // Curves, links and what is pointed out.
  "#0072B2": "#5cb3ee",
  "#D55E00": "#f2924a",
  "#009E73": "#4fcfa4",
  "#CC79A7": "#e3a1c6",
  "#8A6D00": "#d6b649",
  "#B3261E": "#ff8a80",
  "#33658A": "#86bdf0",
  "#4A78A8": "#86bdf0",
  "#B85C00": "#f2a06a",
};
const colours = new RegExp(`"(${Object.keys(inDark).join("|")})"`, "g");
const nameOf = (colour: string) => `--is${colour.slice(1)}`;

/** A picture whose colours are those of the page it stands in. */
export function inTheme(svg: string): string {
  return svg.replace(colours, (_, colour: string) => `"var(${nameOf(colour)},${colour})"`);
}

/** What a dark page's explorables set. */
export const darkPictures = Object.entries(inDark)
  .map(([colour, dark]) => `${nameOf(colour)}:${dark}`)
  .join(";");
