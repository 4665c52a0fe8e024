/** The kernel's side in a page: bundled into a script of its own, which a page loads at the first run. */
import { createPageKernel } from "../../kernel/page/kernel";
import { parts } from "./scripts";

parts().createPageKernel = createPageKernel;
