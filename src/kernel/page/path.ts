/** What tslab's converter takes from Node's `path`, for paths with slashes. */

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const before = parts[parts.length - 1];
    if (part !== "..") parts.push(part);
    else if (before !== undefined && before !== "..") parts.pop();
    else if (!path.startsWith("/")) parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/") || ".";
}

export const join = (...parts: string[]): string => normalized(parts.filter(Boolean).join("/"));

export const dirname = (path: string): string => normalized(`${path}/..`);

/** The way from one path to another; both are whole, or both are not. */
export function relative(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => normalized(path).split("/"));
  let same = 0;
  while (same < start.length && same < end.length && start[same] === end[same]) same++;
  return [...start.slice(same).map(() => ".."), ...end.slice(same)].join("/");
}

export default { join, dirname, relative };
