"""What people are shown of a submission: text and what it is made of, nothing that acts; and formulas, set.

A student's words and outputs are cleaned when the graded notebook is built, and not when it is shown: whatever shows
it, and however that was started, finds nothing in it that could do more than be seen.
"""

import html
import json
import re
import subprocess
from functools import lru_cache

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

#: Characters of a text in Markdown: what makes a parser slow is long.
longest_words = 20_000
#: Characters of one output as HTML.
longest_html = 2_000_000

tags = set(
    "a b blockquote br caption code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre s "
    "span strong sub sup table tbody td tfoot th thead tr u ul".split()
)
emptied = set("iframe math noembed noframes noscript object script style svg template textarea title xmp".split())
attributes = {
    "*": {"style"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "span": {"class"},
    "div": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Styles of text and tables: nothing that fetches, as url(…) would, or that lies over the page.
harmless = re.compile(
    r"(?:\s*(?:text-align|padding|margin|border-collapse|font-weight|caption-side|color|max-width|height|background"
    r"|border-radius)\s*:[\w\s#%.,]*;?)*"
)
# What colours code in a fence.
colours = {"span": re.compile(r"[a-z]{1,2}\d?"), "div": re.compile("highlight")}


def kept(tag, name, value):
    if name == "style":
        return value if harmless.fullmatch(value) else None
    if name == "class":
        return value if colours[tag].fullmatch(value) else None
    if name == "src":
        return value if re.match(r"data:image/(?:svg\+xml|png|jpeg|gif)[;,]", value) else None
    if name == "href":
        return value if re.match(r"(?:https?|mailto):", value) else None
    return value


def clean(source):
    """HTML without elements, attributes and addresses that could do more than be seen."""
    return nh3.clean(
        source,
        tags=tags,
        clean_content_tags=emptied,
        attributes=attributes,
        attribute_filter=kept,
        url_schemes={"data", "http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


class Words(IPythonRenderer):
    """A student's Markdown: HTML in it is text, and pictures are named and not fetched."""

    def __init__(self):
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self.formulas = []

    def image(self, text, url, title=None):
        return f"<code>{html.escape(f'picture: {text or url[:200]}')}</code>"

    def block_mermaidjs(self, code):
        return f"<pre>{html.escape(code)}</pre>"

    def inline_math(self, body):
        return self.formula(body, False)

    def block_math(self, body):
        return self.formula(body, True)

    def latex_environment(self, name, body):
        return self.formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def formula(self, tex, display):
        self.formulas.append((tex, display))
        return f"\ue000{len(self.formulas) - 1}\ue001"  # its place, until all else is cleaned


def inert(source):
    """A student's Markdown as an element of HTML on one line, which any renderer of Markdown leaves as it is."""
    text = re.sub("[\ue000\ue001]", "", source[:longest_words])
    words = Words()
    try:
        shown = clean(MarkdownWithMath(renderer=words).render(text))
    except Exception:  # made to break a parser: its letters are enough
        shown = f"<pre>{html.escape(text)}</pre>"
    shown = re.sub("\ue000(\\d+)\ue001", lambda place: formula(*words.formulas[int(place[1])]), shown)
    if len(source) > longest_words:
        shown += f"<p>… cut here: {len(source)} characters, and {longest_words} are shown at most.</p>"
    return f"<div>{shown.strip()}</div>".replace("\n", "&#10;").replace("$", "&#36;")


def inert_output(output):
    """An output as text, pictures and clean HTML; None if nothing is left of it."""
    kind = output.get("output_type")
    if kind in ("stream", "error"):  # shown as text by every template
        return output
    data = output.get("data", {})
    left = {"text/plain": str(data.get("text/plain", ""))}
    latex = data.get("text/latex")
    if "text/html" in data and len(data["text/html"]) <= longest_html:
        left["text/html"] = clean(data["text/html"])
    elif latex:
        left["text/html"] = formula(re.sub(r"^\$+|\$+$", "", str(latex).strip())[:longest_words], True)
    if not any(left.values()):
        return None
    return {**output, "metadata": {}, "data": left}


class Instructors(IPythonRenderer):
    """An instructor's Markdown, formulas set; links that lead out of the notebook's own folder are text."""

    def inline_math(self, body):
        return formula(body, False)

    def block_math(self, body):
        return formula(body, True)

    def latex_environment(self, name, body):
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def link(self, text, url, title=None):
        return super().link(text, url, title) if re.match(r"https?:|#", url) else text


def markdown2html(source):
    """The filter of that name in nbconvert's templates: of a notebook that was built, or of an instructor's comment."""
    renderer = Instructors(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source or "")


@lru_cache(maxsize=4096)
def formula(tex, display):
    """A formula in MathML, which browsers set without scripts or fonts; as it was typed, if KaTeX cannot be asked."""
    katex = setter()
    typed = html.escape(f"$${tex}$$" if display else f"${tex}$").replace("$", "&#36;")
    return katex and katex.set(tex, display) or f"<code>{typed}</code>"


script = """
const { createRequire } = require("node:module");
const katex = createRequire(process.argv[1] + "/package.json")("katex");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [tex, displayMode] = JSON.parse(line);
  const options = { displayMode, output: "mathml", throwOnError: false, trust: false, maxExpand: 1000, maxSize: 20 };
  let set = "";
  try { set = katex.renderToString(tex, options); } catch {}
  console.log(JSON.stringify(set));
});
"""


class Setter:
    """KaTeX in a process of its own, as the course's kernel has it."""

    def __init__(self, node, project):
        self.process = subprocess.Popen(
            [node, "-e", script, project], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8",
        )

    def set(self, tex, display):
        try:
            print(json.dumps([tex, display]), file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline()
            return json.loads(answer).replace("\n", " ") if answer else None
        except (OSError, ValueError):
            return None


@lru_cache(maxsize=1)
def setter():
    """None where the course's kernel is not installed, and so its KaTeX is not known."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("backprop")
        return Setter(spec.argv[0], spec.metadata["backpropagation-notebooks"]["root"])
    except (NoSuchKernel, KeyError, OSError):
        return None
