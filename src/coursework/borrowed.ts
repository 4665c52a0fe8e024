/** What is said to a call of a function that a task asks to write. */
export function borrowedMessage(name: string): string {
  return `${name} is what the library does; here you are to write it. A solution that calls it earns nothing.`;
}
