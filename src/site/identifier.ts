/** The identifier by which a student's work is told from others': in the name of their file, and of a folder in the class. */

/** What a class asks of its students. */
export interface Asked {
  /** A regular expression for the whole of it, which JavaScript and Python read alike. */
  pattern: string;
  /** What students are asked for, as it stands after «Please enter». */
  asksFor: string;
}

/** An identifier as it is meant, however it was typed. */
export function tidy(text: string): string {
  return text.normalize("NFC").trim();
}

/**
 * Why something is no identifier, in words for the student; undefined if it is one. Beyond what the class asks for, it has to
 * come through file systems, learning platforms and nbgrader unchanged: Moodle leaves out quotes, «&» and colons, and makes
 * «..» one point; Canvas writes numbers between lines below in front of a file's name.
 */
export function whyNoIdentifier(text: string, { pattern, asksFor }: Asked): string | undefined {
  if (text === "") return `Please enter ${asksFor}.`;
  const wrong = /[^\p{L}\p{M}\p{N} ._@-]/u.exec(text)?.[0];
  if (wrong !== undefined)
    return `«${wrong}» cannot stand in a file's name everywhere. Please enter ${asksFor}.`;
  if (!new RegExp(`^(?:${pattern})$`).test(text) || !/^[\p{L}\p{N}](?:.*[^. ])?$/u.test(text))
    return `«${text}» is not of the form that your class uses. Please enter ${asksFor}.`;
  if (/\.\.| {2}|_\d+_\d+(?:_|$)/.test(text))
    return `«${text}» would not be read from a file's name as it is meant. Please enter ${asksFor}.`;
  if (text.length > 60) return `An identifier has 60 letters at most. Please enter ${asksFor}.`;
  return undefined;
}

/** @throws RangeError for a pattern that browsers do not read, or not as Python does */
export function checkPattern(pattern: string): void {
  const refuse = (why: string) => {
    throw new RangeError(
      `c.Downloads.identifier in nbgrader_config.py is ${pattern}, and ${why}: write it with letters, [classes], (?:groups) and repetitions.`,
    );
  };
  const foreign = /\\[AZpPQ]|\(\?(?![:=!])/.exec(pattern)?.[0];
  if (foreign) refuse(`«${foreign}» is not the same for a browser as for Python`);
  try {
    new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    refuse(`a browser cannot read it (${(error as Error).message})`);
  }
}
