/** Text that comes in pieces, as strings or as bytes of UTF-8, and may be cut anywhere. */

export interface Text {
  /** Takes the next piece, and returns what is whole by now. */
  add(piece: string | Uint8Array): string;
  /** What never became whole: U+FFFD for each part of a character. */
  rest(): string;
}

export function createText(): Text {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Whether the decoder may hold the first bytes of a character. */
  let isOpen = false;
  /** The first half of a surrogate pair. */
  let half = "";

  function endBytes(): string {
    if (!isOpen) return "";
    isOpen = false;
    return decoder.decode();
  }
  function endHalf(): string {
    const ended = half && "\ufffd";
    half = "";
    return ended;
  }

  return {
    add(piece) {
      if (typeof piece !== "string") {
        isOpen = true;
        return endHalf() + decoder.decode(piece, { stream: true });
      }
      const text = half + piece;
      half = isFirstHalf(text.charCodeAt(text.length - 1)) ? text.slice(-1) : "";
      return endBytes() + text.slice(0, text.length - half.length);
    },
    rest: () => endBytes() + endHalf(),
  };
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
