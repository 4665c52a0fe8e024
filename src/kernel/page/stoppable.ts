/** Which loops of the sources can be stopped in a page: there a busy worker hears of an interrupt nowhere else. */
import { checkLoops } from "../typescript";

/** Where numbers are worked out a call in each turn would cost up to a third: whoever calls these has loops that stop. */
const hot = /\/src\/(?:arithmetic|nn|engines)[./]/;

/** How a source is to be compiled for a page. */
export const compileOptions = (path: string) => ({ before: hot.test(path) ? [] : [checkLoops] });
