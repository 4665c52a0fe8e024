/** Which loops of the sources can be stopped in a page: there a busy worker hears of an interrupt nowhere else. */
import { checkLoops } from "../typescript";

/**
 * Where numbers are worked out a call in each turn would cost up to a third, and notebooks show the text of some of
 * these functions. Whoever calls them has loops that stop.
 */
const hot = /\/src\/(?:(?:arithmetic|nn|engines|suspects)[./]|training\/optimisers\.)/;

/** How a source is to be compiled for a page. */
export const compileOptions = (path: string) => ({ before: hot.test(path) ? [] : [checkLoops] });
