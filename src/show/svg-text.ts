/** The text of an SVG picture as Plotly draws it, made small and the same at each drawing: in Node and in a page. */

export function tidySvg(svg: string): string {
  return shrink(withStableIds(svg));
}

/** Plotly numbers its clip paths again at each drawing; here they are numbered from 0. */
function withStableIds(svg: string): string {
  const numbers = new Map<string, string>();
  for (const [, id] of svg.matchAll(/\bid="([^"]+)"/g)) {
    if (!numbers.has(id)) numbers.set(id, `p${numbers.size}`);
  }
  return svg
    .replace(/\bid="([^"]+)"/g, (_, id) => `id="${numbers.get(id)}"`)
    .replace(/url\((?:&quot;|['"])?[^#)]*#([^)'"&]+)(?:&quot;|['"])?\)/g, (all, id) =>
      numbers.has(id) ? `url(#${numbers.get(id)})` : all,
    )
    .replace(/(href="#)([^"]+)"/g, (all, start, id) =>
      numbers.has(id) ? `${start}${numbers.get(id)}"` : all,
    );
}

/** Takes out what changes nothing in the picture: classes, empty groups, defaults, hundredths of a pixel. */
function shrink(svg: string): string {
  let text = svg
    .replace(/<[^>]+>/g, (tag) =>
      tag.replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10)),
    )
    .replace(/ class="[^"]*"/g, "")
    .replace(
      /(?:stroke-miterlimit: 2|vector-effect: none|white-space: pre|(?:stroke-|fill-)?opacity: 1); ?/g,
      "",
    )
    .replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, ...rgb) => hex(rgb.slice(0, 3)))
    .replace(/ style=" ?"/g, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/<(g|path)(?: [^>]*")?(?:\/>|><\/\1>)/g, (all) =>
      / (?:d|id)="/.test(all) ? all : "",
    );
  }
  return text;
}

function hex(rgb: string[]): string {
  return `#${rgb.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
