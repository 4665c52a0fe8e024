/**
 * Figures of a submission. Its process has no package that draws, and the process of the tests hands Plotly nothing that
 * a student wrote: so what is to be drawn travels as text in the place of its picture (`withoutPictures` in
 * programs.ts), and the thread that compiles the student's cells draws it.
 */
import { drawCard, inWords } from "../../show/card";
import { pictureSource } from "../../show/display";
import { drawStill } from "../../show/still";

/** What stands in HTML for a figure that is not drawn yet. */
const undrawn = /data:image\/svg\+xml,%3Csvg [^"%]*%3E%3Cdesc%3Efigure:([^"]*?)%3C\/desc%3E[^"]*/g;

/** Draws the figures that stand undrawn in a text of HTML. Whatever cannot be drawn stays as it is. */
export async function drawn(html: string): Promise<string> {
  let text = html;
  for (const [whole, written] of html.matchAll(undrawn)) {
    try {
      // Written by encodeURIComponent, and again as all pictures are.
      const { figure, width, height } = JSON.parse(decodeURIComponent(decodeURIComponent(written)));
      const still = await drawStill(figure, width, height);
      const card = (reason: string) => {
        const lines = [`There is no still picture of it: ${reason}.`, ...inWords(figure)];
        return drawCard(figure.layout.title?.text ?? "", lines, width, height);
      };
      const svg = "svg" in still ? still.svg : card(still.reason);
      text = text.replace(whole, () => `data:image/svg+xml,${pictureSource(svg)}`);
    } catch {
      // It was none.
    }
  }
  return text;
}
