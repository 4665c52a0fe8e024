/// <reference lib="dom" />
/** What finds: bundled into a script that a page loads when its reader goes to a search field. */
import { createSearch, excerpt, type Hit } from "../search";
import { parts } from "./scripts";

let search: ((query: string) => Hit[]) | undefined;

parts().search = (query) => {
  search ??= createSearch(parts().sections ?? []);
  return search(query);
};
parts().excerpt = excerpt;
