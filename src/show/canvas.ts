/**
 * A canvas for Plotly's heat maps and images, which jsdom does not have: rectangles and pixels, given back as a
 * PNG. The same pixels give the same bytes on every machine.
 */
interface Size {
  width: number;
  height: number;
}

interface Pixels extends Size {
  /** Red, green, blue and opacity, 0 to 255, row by row. */
  readonly data: Uint8ClampedArray;
}

/** As much of a canvas's 2D context as Plotly's pictures need. */
export class PixelContext {
  /** A CSS colour. */
  fillStyle = "#000";
  private drawn: Pixels | undefined;

  /** @param readColour red, green, blue (0 to 255) and opacity (0 to 1) of a CSS colour */
  constructor(
    private readonly canvas: Size,
    private readonly readColour: (css: string) => readonly number[],
  ) {}

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  putImageData(pixels: Pixels): void {
    this.drawn = pixels;
  }

  /** Edges fall on whole pixels. What was there before is covered, since no two rectangles of a heat map overlap. */
  fillRect(x: number, y: number, width: number, height: number): void {
    const { data, ...size } = this.pixels();
    const [red, green, blue, opacity] = this.readColour(this.fillStyle);
    const [left, right] = ends(x, width, size.width);
    const [top, bottom] = ends(y, height, size.height);
    for (let row = top; row < bottom; row++) {
      for (let at = 4 * (row * size.width + left), n = left; n < right; n++) {
        data[at++] = red;
        data[at++] = green;
        data[at++] = blue;
        data[at++] = 255 * opacity;
      }
    }
  }

  toDataURL(): string {
    return `data:image/png;base64,${Buffer.from(encodePng(this.pixels())).toString("base64")}`;
  }

  private pixels(): Pixels {
    this.drawn ??= this.createImageData(this.canvas.width, this.canvas.height);
    return this.drawn;
  }
}

function ends(start: number, length: number, most: number): [number, number] {
  return [Math.max(0, Math.round(start)), Math.min(most, Math.round(start + length))];
}

/** Pixels as a PNG (W3C, Portable Network Graphics, third edition): 8 bits, red, green, blue and opacity. */
export function encodePng({ width, height, data }: Pixels): Uint8Array {
  const { constants, crc32, deflateSync } = require("node:zlib") as typeof import("node:zlib");
  const chunk = (type: string, content: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(content.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    // zlib's search for longer matches differs by processor and version; its runs do not.
    chunk("IDAT", deflateSync(filtered(width, height, data), { strategy: constants.Z_RLE })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Each byte less the one above (filter 2) or to the left (filter 1): what is equal becomes runs of 0. */
function filtered(width: number, height: number, data: Uint8ClampedArray): Uint8Array {
  const stride = 4 * width;
  const lines = new Uint8Array(height * (1 + stride));
  const differences = [new Uint8Array(stride), new Uint8Array(stride)];
  for (let row = 0; row < height; row++) {
    const sizes = [0, 0];
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i;
      const before = [i >= 4 ? data[at - 4] : 0, row > 0 ? data[at - stride] : 0];
      for (const f of [0, 1]) {
        const difference = (data[at] - before[f]) & 255;
        differences[f][i] = difference;
        sizes[f] += Math.min(difference, 256 - difference);
      }
    }
    const best = sizes[1] < sizes[0] ? 1 : 0;
    lines[row * (1 + stride)] = 1 + best;
    lines.set(differences[best], row * (1 + stride) + 1);
  }
  return lines;
}
